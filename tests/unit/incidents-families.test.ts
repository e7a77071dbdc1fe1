import { expect, test } from 'vitest'
import { applyFindings } from '../../server/analysis/alerts.ts'
import { onAlertChanges } from '../../server/incidents/incidents.ts'
import type { Finding } from '../../shared/finding.ts'
import { FLAT } from '../support/analysis.ts'
import { testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

type Raise = Extract<Finding, { act: 'raise' }>
const UPSTAIRS = 'caihong-b01-u1-201'

function incidentsOf(...raises: (Pick<Raise, 'kind' | 'priority'> & Partial<Raise>)[]) {
  const work = testWork(testWorld())
  for (const one of raises) {
    const placeId = one.placeId ?? FLAT
    const finding: Raise = { act: 'raise', key: `${one.kind}/${placeId}`, status: 'actual', placeId, at: work.now, evidence: {}, ...one }
    onAlertChanges(work, applyFindings(work, [finding]))
  }
  return [...work.incidents.open()]
}

test.each(['night-out', 'room-stay', 'water-flow'] as const)('%s opens an incident', (kind) => {
  expect(incidentsOf({ kind, priority: 2 })).toMatchObject([{ kind, priority: 2, state: 'open' }])
})

test.each(['child-alone', 'water-use', 'power-use', 'low-water', 'no-door'] as const)(
  '%s is shown, and calls for nobody by itself',
  (kind) => {
    expect(incidentsOf({ kind, priority: 3 })).toEqual([])
  },
)

test('[A4] water that runs and the leak below it are one matter', () => {
  const leak = { kind: 'hazard.leak' as const, priority: 2 as const }
  expect(incidentsOf(leak, { kind: 'water-flow', priority: 2, placeId: UPSTAIRS })).toMatchObject([{ alerts: ['alert-1', 'alert-2'] }])
})

test('[A4] who was long in the bathroom and then pressed the button is one matter', () => {
  expect(incidentsOf({ kind: 'room-stay', priority: 2 }, { kind: 'help', priority: 1 })).toMatchObject([
    { priority: 1, alerts: ['alert-1', 'alert-2'] },
  ])
})
