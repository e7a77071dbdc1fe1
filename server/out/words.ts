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
  'change.incident': '事件变化',
  'change.order': '工单变化',
  test: '测试消息',
}
const STEPS: Record<string, string> = { accept: '接单', arrive: '到场', handle: '处置', verify: '核实' }
const DRILL = { exercise: '【演练】', test: '【测试】', actual: '' } as const
const PRIORITY = ['', '一级', '二级', '三级', '四级']

export type Worded = Pick<Message, 'kind' | 'priority' | 'status' | 'incidentId' | 'orderId' | 'placeId' | 'params' | 'createdAt'>

/** The register's name of what people report, our own word for what devices raise. */
const matterWord = (kind: string, world: World) => world.matterKind(matterKindOf(kind) ?? '')?.name ?? kindWord(kind)

/** Names come in here, at the time of sending, as far as the recipient may read them; residents are in no message at all. */
export function wordsOf(message: Worded, world: World, { detail, staffNames }: Telling): Words {
  const { kind, priority, status, params } = message
  const drill = DRILL[status]
  if (kind === 'test') return { title: `${TITLES.test}`, lines: ['邻望的测试消息：收到即表示此渠道可用。'] }
  const matter = typeof params.kind === 'string' ? matterWord(params.kind, world) : ''
  const place = placeOf(world, message.placeId, detail)
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

export function placeOf(world: World, placeId: string | null, detail: Telling['detail']): string {
  if (!placeId || !world.places.get(placeId)) return ''
  const coarse = detail === 'building' ? (world.places.nearest(placeId, 'building')?.id ?? placeId) : placeId
  return world.places.label(coarse)
}

/** 11-23 16:05, by the community's clocks */
function clock(at: number, { utcOffset }: World): string {
  return new Date(at + utcOffset * 60_000).toISOString().slice(5, 16).replace('T', ' ')
}
