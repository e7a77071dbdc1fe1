import { matterKindOf } from '../../shared/matter-kind.ts'
import type { Message, MessageKind } from '../../shared/message.ts'
import type { World } from '../../shared/world.ts'
import { kindWord } from './kind-words.ts'

export interface Words {
  title: string
  /** lines of the body, without the title */
  lines: string[]
}
/** How exactly the place is told, and whether the staff's names are. */
export interface Telling {
  detail: 'building' | 'flat'
  staffNames: boolean
}

const TITLES: Record<MessageKind, string> = {
  'incident.opened': '新事件',
  'incident.closed': '事件已办结',
  'incident.reopened': '事件重新打开',
  'order.new': '新工单',
  'order.transferred': '工单转给您',
  'order.priority': '工单加急',
  'order.overdue': '工单超时',
  'order.escalated': '工单超时上报',
  'order.urgent': '一级事件',
  'order.rejected': '工单被退回',
  'order.to-verify': '待核实',
  'order.refused': '核实未通过',
  'order.cancelled': '工单已取消',
  'order.help': '现场请求增援',
  'order.note': '工单消息',
  'report.progress': '上报进展',
  'report.call-back': '已办结，请回电告知',
  'change.incident': '事件变化',
  'change.order': '工单变化',
  test: '测试消息',
}
const STEPS: Record<string, string> = { accept: '接单', arrive: '到场', handle: '处置', verify: '核实' }
/** What a reporter is told; the worker's name is not in it. */
const PROGRESS: Record<string, string> = {
  dispatched: '已派人处理',
  accepted: '已有人接单',
  arrived: '人员已到场',
  handled: '已处理，等待核实',
  closed: '已办结，请评价',
  reopened: '重新办理',
  merged: '已与同一事项合并办理',
}
const DRILL = { exercise: '【演练】', test: '【测试】', actual: '' } as const
const PRIORITY = ['', '一级', '二级', '三级', '四级']

export type Worded = Pick<Message, 'kind' | 'priority' | 'status' | 'incidentId' | 'orderId' | 'placeId' | 'params' | 'createdAt'>

/** Names come in here, at the time of sending, as far as the recipient may read them; residents are in no message at all. */
export function wordsOf(message: Worded, world: World, { detail, staffNames }: Telling): Words {
  const { kind, priority, status, params } = message
  const drill = DRILL[status]
  if (kind === 'test') return { title: `${TITLES.test}`, lines: ['邻望的测试消息：收到即表示此渠道可用。'] }
  const matter = typeof params.kind === 'string' ? matterWord(world, params.kind) : ''
  const place = placeOf(world, message.placeId, detail)
  if (kind === 'report.progress') return progressWords(message, world, `${drill}${matter}`, place)
  const title = `${drill}${TITLES[kind]} ${PRIORITY[priority]} ${matter}`.trim()
  const due = typeof params.dueAt === 'number' ? `${STEPS[String(params.next)] ?? '下一步'}时限 ${clock(params.dueAt, world)}` : ''
  const owner = staffNames && typeof params.assignee === 'string' ? world.staff(params.assignee)?.name : undefined
  return {
    title,
    lines: [
      place && `地点：${place}`,
      owner && `责任人：${owner}`,
      due,
      `编号：${[message.incidentId, message.orderId].filter(Boolean).join(' · ')}`,
      `时间：${clock(message.createdAt, world)}`,
    ].filter((line): line is string => Boolean(line)),
  }
}

function progressWords({ params, createdAt }: Worded, world: World, matter: string, place: string): Words {
  const step = PROGRESS[String(params.step)] ?? TITLES['report.progress']
  const lines = [place && `地点：${place}`, `编号：${params.no}`, `时间：${clock(createdAt, world)}`]
  return { title: `您反映的${matter}：${step}`, lines: lines.filter(Boolean) }
}

/** A kind that people report has its name in the register. */
const matterWord = (world: World, kind: string): string => world.matterKind(matterKindOf(kind) ?? '')?.name ?? kindWord(kind)

export function placeOf(world: World, placeId: string | null, detail: Telling['detail']): string {
  if (!placeId || !world.places.get(placeId)) return ''
  const coarse = detail === 'building' ? (world.places.nearest(placeId, 'building')?.id ?? placeId) : placeId
  return world.places.label(coarse)
}

/** 11-23 16:05, by the community's clocks */
function clock(at: number, { utcOffset }: World): string {
  return new Date(at + utcOffset * 60_000).toISOString().slice(5, 16).replace('T', ' ')
}
