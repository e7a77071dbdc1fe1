import { describe, expect, test } from 'vitest'
import { createAnalysis } from '../../server/analysis/analysis.ts'
import { seededRandom } from '../../shared/random.ts'
import type { SignalData } from '../../shared/signal.ts'
import { HOUR, MINUTE, testAnalysis } from '../support/analysis.ts'

type Data = SignalData['linwang.warning']
const DAY = 24 * HOUR

/** An estate to which warnings come; they name each other by their ids. */
function estate() {
  const t = testAnalysis()
  const start = t.now()
  const tell = (identifier: string, more: Partial<Data> & { at?: number; status?: 'exercise' | 'test'; feed?: string } = {}) => {
    const { at = t.now(), status, feed, ...data } = more
    const known: Data = {
      identifier,
      msgType: 'alert',
      references: [],
      event: 'rain',
      colour: 'orange',
      headline: identifier,
      areas: ['全市'],
    }
    const signal = t.signal(
      'linwang.warning',
      `/feeds/${feed ?? 'weather'}`,
      { ...known, ...data },
      { time: at, ...(status && { status }) },
    )
    t.take({ ...signal, feed: feed ?? 'weather' })
  }
  const update = (identifier: string, references: string[], more: Parameters<typeof tell>[1] = {}) =>
    tell(identifier, { msgType: 'update', references, ...more })
  const cancel = (references: string[], more: Parameters<typeof tell>[1] = {}) =>
    tell(`cancel-${references}`, { msgType: 'cancel', references, headline: '', ...more })
  return {
    ...t,
    start,
    tell,
    update,
    cancel,
    shown: (at = t.now()) =>
      t.analysis
        .warnings(at)
        .map(({ id }) => id)
        .sort(),
  }
}

describe('in order', () => {
  test('[P1] an alert is shown, an update replaces it, a cancel takes it back', () => {
    const e = estate()
    e.tell('a')
    expect(e.shown()).toEqual(['a'])
    e.update('b', ['a'], { at: e.start + 1 })
    expect(e.shown()).toEqual(['b'])
    e.cancel(['b'], { at: e.start + 2 })
    expect(e.shown()).toEqual([])
    expect(e.found).toEqual([])
  })

  test('[P1] a cancel of the first takes back what was made of it', () => {
    const e = estate()
    e.tell('a')
    e.update('b', ['a'], { at: e.start + 1 })
    e.cancel(['a'], { at: e.start + 2 })
    expect(e.shown()).toEqual([])
  })

  test('[P1] a cancel under its own identifier', () => {
    const e = estate()
    e.tell('a')
    e.tell('a', { msgType: 'cancel', at: e.start + 1 })
    expect(e.shown()).toEqual([])
  })

  test('[P1] an update under the old identifier is the newer one', () => {
    const e = estate()
    e.tell('a', { colour: 'yellow' })
    e.tell('a', { msgType: 'update', references: ['a'], colour: 'red', at: e.start + 1 })
    expect(e.analysis.warnings(e.now())).toMatchObject([{ id: 'a', colour: 'red' }])
    e.tell('a', { colour: 'blue', at: e.start - 1 })
    expect(e.analysis.warnings(e.now())).toMatchObject([{ colour: 'red' }])
  })

  test('[P1] an update whose message was never seen is shown', () => {
    const e = estate()
    e.update('b', ['never'])
    expect(e.shown()).toEqual(['b'])
  })

  test('[P1] it replaces what the same office said of the same danger for the same areas, and nothing else', () => {
    const e = estate()
    e.tell('a', { sender: '省气象局' })
    e.tell('other-danger', { sender: '省气象局', event: 'wind' })
    e.tell('other-area', { sender: '省气象局', areas: ['东区'] })
    e.tell('other-office', { sender: '市气象局' })
    e.tell('unsigned')
    e.update('b', ['missed'], { sender: '省气象局', at: e.start + 1 })
    expect(e.shown()).toEqual(['b', 'other-area', 'other-danger', 'other-office', 'unsigned'])
  })

  test('[P1] a cancel of something never seen takes nothing else back', () => {
    const e = estate()
    e.tell('a', { sender: '省气象局' })
    e.cancel(['never'], { sender: '省气象局', at: e.start + 1 })
    expect(e.shown()).toEqual(['a'])
  })

  test.each(['ack', 'error'] as const)('[P1] %s changes nothing', (msgType) => {
    const e = estate()
    e.tell('a')
    e.tell('b', { msgType, references: ['a'], at: e.start + 1 })
    expect(e.shown()).toEqual(['a'])
  })
})

describe('out of order', () => {
  test('[I4] a cancel that comes before what it cancels', () => {
    const e = estate()
    e.cancel(['a'], { at: e.start + 5 })
    e.tell('a', { at: e.start })
    expect(e.shown()).toEqual([])
  })

  test('[I4] an update that comes before what it replaces', () => {
    const e = estate()
    e.update('b', ['a'], { at: e.start + 5 })
    e.tell('a', { at: e.start })
    expect(e.shown()).toEqual(['b'])
  })

  test('[I4] an update sent before the cancel of its first, and come after it', () => {
    const e = estate()
    e.tell('a')
    e.cancel(['a'], { at: e.start + 5 })
    e.update('b', ['a'], { at: e.start + 3 })
    expect(e.shown()).toEqual([])
  })

  test('[I4] an identifier that was used up and is used again later is a new warning', () => {
    const e = estate()
    e.tell('a')
    e.cancel(['a'], { at: e.start + 5 })
    e.tell('a', { at: e.start + HOUR })
    expect(e.shown()).toEqual(['a'])
  })

  test('[I4] a chain comes to the same in whatever order (seeded)', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 200; round++) {
      const e = estate()
      const told = [
        () => e.tell('a', { at: e.start }),
        () => e.update('b', ['a'], { at: e.start + 1 }),
        () => e.update('c', ['b'], { at: e.start + 2 }),
        ...(round % 2 ? [() => e.cancel(['c'], { at: e.start + 3 })] : []),
      ]
      while (told.length > 0) told.splice(random.int(0, told.length - 1), 1)[0]!()
      expect(e.shown()).toEqual(round % 2 ? [] : ['c'])
    }
  })
})

describe('time', () => {
  test('[A1] it ends at its time on the domain clock', () => {
    const e = estate()
    e.tell('a', { expires: e.start + 3 * HOUR })
    expect(e.shown(e.start + 3 * HOUR - 1)).toEqual(['a'])
    expect(e.shown(e.start + 3 * HOUR)).toEqual([])
  })

  test('[A1] without an end it holds for a day from its sending, or from when it takes effect', () => {
    const e = estate()
    e.tell('a', { at: e.start - HOUR })
    e.tell('b', { effective: e.start + 2 * HOUR })
    expect(e.shown(e.start + 23 * HOUR - 1)).toEqual(['a', 'b'])
    expect(e.shown(e.start + 23 * HOUR)).toEqual(['b'])
    expect(e.shown(e.start + 26 * HOUR)).toEqual([])
  })

  test('[I4] one that comes after its end is never shown', () => {
    const e = estate()
    e.tell('a', { at: e.start - 2 * DAY })
    e.tell('b', { at: e.start - HOUR, expires: e.start })
    expect(e.shown()).toEqual([])
  })

  test('[A3] what is over is forgotten after a while', () => {
    const e = estate()
    e.tell('a')
    e.cancel(['a'], { at: e.start + 1 })
    e.pass(8 * DAY)
    e.tell('z', { expires: e.now() + MINUTE })
    e.pass(2 * MINUTE)
    const state = e.analysis.dirty().find(({ part }) => part === 'analysis.warnings')
    expect(state?.value).toEqual({ standing: {}, ended: {} })
  })
})

describe('kept apart', () => {
  test('[X1] an exercise neither replaces nor takes back what is actual', () => {
    const e = estate()
    e.tell('a')
    e.update('x', ['a'], { status: 'exercise', at: e.start + 1 })
    e.cancel(['a'], { status: 'test', at: e.start + 2 })
    expect(e.analysis.warnings(e.now())).toMatchObject([
      { id: 'a', status: 'actual' },
      { id: 'x/exercise', status: 'exercise' },
    ])
  })

  test('[S3] one feed does not take back what another said; what both say is shown once', () => {
    const e = estate()
    e.tell('a')
    e.cancel(['a'], { feed: 'stranger', at: e.start + 1 })
    e.tell('a', { feed: 'province' })
    expect(e.shown()).toEqual(['a'])
  })

  test('[I3] what is for elsewhere is recorded and not shown; an update may bring it here', () => {
    const e = estate()
    e.tell('a', { elsewhere: true })
    expect(e.shown()).toEqual([])
    e.update('b', ['a'], { at: e.start + 1 })
    expect(e.shown()).toEqual(['b'])
  })
})

test('[A3] what holds outlives a restart', () => {
  const e = estate()
  e.tell('a', { name: '暴雨', sender: '市气象局' })
  e.cancel(['later'], { at: e.start + 5 })
  const again = createAnalysis({ world: e.world })
  again.restore(JSON.parse(JSON.stringify(e.analysis.dirty())))
  const later: Data = { identifier: 'later', msgType: 'alert', references: [], event: '', colour: 'red', headline: 'x', areas: [] }
  again.onSignal({ ...e.signal('linwang.warning', '/feeds/weather', later, { time: e.start }), feed: 'weather' })
  expect(again.warnings(e.now())).toEqual([
    { id: 'a', text: '暴雨橙色预警', colour: 'orange', status: 'actual', until: e.start + DAY, sender: '市气象局' },
  ])
})

test.each(['__proto__', 'constructor', 'toString'])('[I3] %s is an identifier like any other', (id) => {
  const e = estate()
  e.update(id, ['hasOwnProperty'])
  expect(e.shown()).toEqual([id])
  e.cancel([id], { at: e.start + 1 })
  expect(e.shown()).toEqual([])
})

test('[I5] a flood of warnings costs bounded memory and time', () => {
  const e = estate()
  const begun = performance.now()
  for (let n = 0; n < 5_000; n++) e.update(`w${n}`, [`never-${n}`], { at: e.start + n })
  expect(e.shown().length).toBeLessThanOrEqual(200)
  expect(e.shown()).toContain('w4999')
  expect(performance.now() - begun).toBeLessThan(15_000)
})
