import { expect, test } from 'vitest'
import { compareItems } from '../../shared/list-order.ts'
import type { WarningView } from '../../shared/wall.ts'
import { arrange } from '../../web/wall/top/warnings.ts'

const warning = (id: string, colour: WarningView['colour'], more: Partial<WarningView> = {}): WarningView => ({
  ...{ id, text: id, colour, status: 'actual', until: 1000 },
  ...more,
})
const [red, yellow, blue] = [warning('r', 'red'), warning('y', 'yellow'), warning('b', 'blue')]

test('[§7] the worst comes first: by colour, then by what ends first; exercises behind all that is actual', () => {
  const drill = warning('d', 'red', { status: 'exercise' })
  const late = warning('a', 'red', { until: 2000 })
  const unknown = warning('u', 'unknown')
  const sorted = [drill, unknown, blue, late, yellow, red].sort(compareItems('warnings') as (a: WarningView, b: WarningView) => number)
  expect(sorted.map(({ id }) => id)).toEqual(['r', 'a', 'y', 'b', 'u', 'd'])
})

test('[§7] nothing when nothing holds, and one stands still', () => {
  expect(arrange([], 3, 1)).toEqual({ boxes: [], turns: false })
  expect(arrange([red], 3, 1)).toEqual({ boxes: [{ warning: red }], turns: false })
})

test('[§7] the worst is always there; in the second line its end and each other take turns', () => {
  const turns = [0, 1, 2, 3].map((turn) => arrange([red, yellow, blue], turn, 1))
  expect(turns.every(({ boxes, turns }) => turns && boxes.length === 1 && boxes[0]!.warning === red)).toBe(true)
  expect(turns.map(({ boxes }) => [boxes[0]!.other?.id, boxes[0]!.nth])).toEqual([
    [undefined, undefined],
    ['y', 2],
    ['b', 3],
    [undefined, undefined],
  ])
})

test('[§7] with more room the end stands in the first line, and the second is for the others', () => {
  expect(arrange([red, yellow], 7, 2)).toEqual({ boxes: [{ warning: red, other: yellow, nth: 2 }], turns: false })
})

test('[§7] on the widest walls they stand side by side, as far as they fit', () => {
  expect(arrange([red, yellow, blue], 0, 3)).toEqual({ boxes: [red, yellow, blue].map((each) => ({ warning: each })), turns: false })
  expect(arrange([red, yellow, blue, red, blue], 0, 4).boxes).toHaveLength(1)
})
