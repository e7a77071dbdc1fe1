import { describe, expect, test } from 'vitest'
import { thingFor } from '../../server/api/sight.ts'
import { ROLES } from '../../shared/access.ts'
import { incidentOf, orderOf } from '../support/notify.ts'

const WORDS = '暗语'
const order = orderOf({
  steps: [{ at: 1, act: 'rejected', by: 'g1-day', why: WORDS }],
  checklist: [{ text: '关阀', done: true, at: 1, by: 'g1-day' }],
  notes: [{ at: 1, by: 'g1-day', text: WORDS }],
  help: { at: 1, by: 'g1-day', text: WORDS },
})
const incident = incidentOf({
  timeline: [{ at: 1, by: 'officer-a', what: 'note', note: WORDS }],
  mediations: [{ at: 1, by: 'community', parties: [WORDS], text: WORDS }],
  merged: { into: 'incident-2', priority: 2, residentId: 'r1' },
})
const READERS = ['field', 'officer', 'supervisor', 'engineer', 'admin']

describe('[S3] what a screen in a hall is given of a matter', () => {
  test.each(ROLES)('%s: colleagues’ words for colleagues alone', (role) => {
    const seen = JSON.stringify([thingFor(order, { role }), thingFor(incident, { role })])
    expect(seen.includes(WORDS)).toBe(READERS.includes(role))
  })

  test('the list stays, without who ticked it', () => {
    expect(thingFor(order, { role: 'wall' })).toEqual({
      ...orderOf({ steps: [{ at: 1, act: 'rejected', by: 'g1-day' }], checklist: [{ text: '关阀', done: true, at: 1 }] }),
    })
    expect(thingFor(incident, { role: 'wall' })).not.toHaveProperty('mediations')
  })

  test.each(['visitor', 'engineer'] as const)('%s: nobody who lives there, not even in what was merged', (role) => {
    expect(JSON.stringify(thingFor(incident, { role }))).not.toContain('r1')
    expect(JSON.stringify(thingFor(incident, { role: 'officer' }))).toContain('r1')
  })
})
