import { expect, test } from 'vitest'
import { alertCommands } from '../../server/analysis/alert-commands.ts'
import { handledFigures, newHandled, observeHandled } from '../../server/analysis/figures-handled.ts'
import { onAlertChanges } from '../../server/incidents/incidents.ts'
import { createDayCounts } from '../../server/push/day-counts.ts'
import { viewAlert, viewIncident } from '../../server/push/matter-views.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor, command } from '../support/work.ts'

const officer = actor('officer', 'officer-a')
const supervisor = actor('supervisor', 'supervisor')

function judging() {
  const loop = testLoop()
  const alert = loop.raise({ kind: 'inactivity', priority: 2 })
  const now = () => loop.now('alerts', alert)
  const judge = (body: object, by = officer, seen = now()) => {
    const change = alertCommands['alert.verdict'](loop.work, command('alert.verdict', seen, by, body as Record<string, unknown>))
    return onAlertChanges(loop.work, [change])
  }
  return { loop, now, judge }
}

test('[D1] a verdict moves no state; the last one counts, and every one is kept with who and why', () => {
  const { loop, now, judge } = judging()
  const before = now()
  judge({ verdict: 'false', note: '外出买菜' })
  judge({ verdict: 'real' }, supervisor)
  expect(now()).toMatchObject({ state: before.state, active: true, version: 3, verdict: { verdict: 'real', by: 'supervisor' } })
  expect(now().steps.slice(-2)).toMatchObject([
    { act: 'verdict', by: 'officer-a', to: 'false', why: '外出买菜' },
    { act: 'verdict', by: 'supervisor', from: 'false', to: 'real' },
  ])
  expect(loop.incident()).toMatchObject({ state: 'open', orders: [] })
  expect(loop.incident().timeline.slice(-2)).toMatchObject([
    { what: 'alert.judged', to: 'false', note: '外出买菜' },
    { what: 'alert.judged', to: 'real', by: 'supervisor' },
  ])
})

test('[S2] a verdict leaves its row', () => {
  const { loop, judge } = judging()
  judge({ verdict: 'false', note: '外出' })
  expect(loop.work.audits.at(-1)).toMatchObject({
    by: 'officer-a',
    act: 'alert.verdict',
    subject: 'alert-1',
    why: '外出',
    detail: { to: 'false' },
  })
})

test('[D2] a late or an unknown verdict is refused', () => {
  const { judge, now } = judging()
  const seen = now()
  judge({ verdict: 'false' })
  expect(refusal(() => judge({ verdict: 'real' }, officer, seen))).toMatchObject({ status: 409, current: { version: 2 } })
  expect(refusal(() => judge({ verdict: 'maybe' }))).toMatchObject({ status: 422, errors: [{ field: 'verdict' }] })
  expect(refusal(() => judge({}))).toMatchObject({ status: 400, errors: [{ field: 'verdict' }] })
})

test('[X1] an alert found to be an exercise looks so and is taken out of the figures; said otherwise, it is back', () => {
  const { loop, now, judge } = judging()
  const handled = newHandled()
  const counts = createDayCounts(() => 480)
  counts.turn(loop.work.now)
  const observe = (incidents: ReturnType<typeof judge>) => {
    observeHandled(handled, { incidents }, loop.work.now, 480)
    counts.incident('incident-1', loop.incident())
    return [handledFigures(handled, loop.work.now, loop.work.world).incidents, counts.incidents().today]
  }
  expect(observe([{ before: undefined, incident: loop.incident(), act: 'opened', by: 'system' }])).toEqual([
    [{ kind: 'inactivity', count: 1 }],
    1,
  ])
  expect(observe(judge({ verdict: 'exercise' }))).toEqual([[], 0])
  const view = { ...loop.work, world: loop.work.world } as unknown as Parameters<typeof viewAlert>[1]
  expect([viewAlert(now(), view).status, viewIncident(loop.incident(), view).status]).toEqual(['exercise', 'exercise'])
  expect(now().status).toBe('actual')
  expect(observe(judge({ verdict: 'exercise', note: '再次' }))).toEqual([[], 0])
  expect(observe(judge({ verdict: 'real' }))).toEqual([[{ kind: 'inactivity', count: 1 }], 1])
  expect(viewAlert(now(), view).status).toBe('actual')
})

test('[X1] one exercise among real alerts leaves their incident in the figures', () => {
  const { loop, judge } = judging()
  loop.raise({ kind: 'help', priority: 1 })
  judge({ verdict: 'exercise' })
  expect(loop.incident()).toMatchObject({ alerts: ['alert-1', 'alert-2'] })
  expect(loop.incident().drilled).toBeUndefined()
})
