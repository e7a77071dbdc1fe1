import type { Holiday } from '../../shared/registers.ts'
import type { WorkingTime } from '../../shared/working-time.ts'
import type { World } from '../../shared/world.ts'

/** Hours by the thresholds `working.*`, which a place may have its own of; days off and days worked instead by the register. */
export function createCalendar(holidays: readonly Holiday[], threshold: World['threshold'], utcOffset: number): World['workingTime'] {
  const days = new Map(holidays.map(({ day, kind }) => [day, kind === 'work']))
  const worked = (day: string) => days.get(day)
  return (placeId): WorkingTime => {
    const minute = (name: string) => threshold(`working.${name}`, placeId)
    const [from, noon, afternoon, to] = [minute('from'), minute('noon'), minute('afternoon'), minute('to')]
    const spans: [number, number][] = [
      [from, noon],
      [afternoon, to],
    ]
    return { utcOffset, spans: noon < afternoon ? spans.filter(([start, end]) => start < end) : [[from, to]], worked }
  }
}
