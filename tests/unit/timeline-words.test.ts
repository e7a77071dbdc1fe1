import { expect, test } from 'vitest'
import { PAST } from '../../server/dispatch/orders.ts'
import { ORDER_STEPS } from '../../shared/order.ts'
import '../../web/desk/words.ts'
import { detailOf, noteOf, type Record_ } from '../../web/desk/incident/record.ts'
import { whatWord } from '../../web/ui/sentences.ts'

/** What the rules write into a timeline beside the steps of orders; a new one needs a word here and on the page. */
const WRITTEN = [
  ...['alert.raised', 'alert.counted', 'alert.noted', 'alert.acknowledged', 'alert.returned', 'alert.joined', 'alert.judged'],
  ...['report.received', 'report.joined', 'report.added', 'report.repeated', 'report.withdrawn', 'report.rated'],
  ...[
    'incident.triaged',
    'incident.people-at-risk',
    'incident.priority',
    'incident.sent-by-rule',
    'incident.handling',
    'incident.released',
  ],
  ...['incident.awaiting-verification', 'incident.still-active', 'incident.closed', 'incident.closed-while-active', 'incident.reopened'],
  ...['incident.merged', 'incident.took-over', 'incident.unmerged', 'incident.gave-back', 'incident.apart', 'incident.withdrawn'],
  ...['order.dispatched', 'order.told', 'order.moved', 'order.priority', 'order.escalated', 'lead.given', 'deadline.missed'],
  ...['order.nobody-on-duty', 'order.begun', 'order.people', 'verifier.none', 'verifier.on-duty', 'report.updated'],
  ...['call.first', 'call.spared', 'call.ok', 'call.help', 'call.no-answer', 'call.unanswered'],
  ...['city.state', 'city.conflict', 'mediation', 'note'],
]

const record = {
  names: { s1: '刘涛', s2: '朱雅怡' },
  places: { b12: '12栋', b7: '7栋' },
  related: {},
  kindName: '漏水渗水',
} as unknown as Record_

test('[D1] every line of the timeline has a word; an unknown code shows as itself', () => {
  for (const what of [...WRITTEN, ...Object.values(PAST).map((past) => `order.${past}`)])
    expect(whatWord(what), what).toMatch(/\p{Script=Han}/u)
  expect(whatWord('order.teleported')).toBe('order.teleported')
})

test('[D1] a line says to whom, which step and from what to what', () => {
  const line = { at: 0, by: 'system' }
  expect(detailOf(record, { ...line, what: 'deadline.missed', from: ORDER_STEPS[0], to: 's1 s2' })).toBe('接单超时，已告知 刘涛、朱雅怡')
  expect(detailOf(record, { ...line, what: 'order.transferred', from: 's1', to: 's2' })).toBe('刘涛 → 朱雅怡')
  expect(detailOf(record, { ...line, what: 'incident.triaged', kind: 'report.leak', from: 'P3 b12', to: 'P2 b7' })).toBe(
    '漏水渗水，P3 → P2，7栋',
  )
  expect(detailOf(record, { ...line, what: 'incident.priority', from: '3', to: '2' })).toBe('P3 → P2')
  expect(noteOf({ ...line, what: 'incident.people-at-risk', note: 'living-alone disabled' })).toBe('独居老人、残疾人')
})
