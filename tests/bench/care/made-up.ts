import { seededRandom } from '../../../shared/random.ts'

const MINUTE = 60

/** A made-up life in minutes of the day: up about seven, a nap after noon, the market most mornings, in bed by ten. */
export interface MadeUpSign {
  /** s of the local clock */
  at: number
  sensor: 'motion-living' | 'motion-bedroom' | 'door'
}

export function madeUpLife(days: number, seed = 20240): MadeUpSign[] {
  const { next } = seededRandom(seed)
  return Array.from({ length: days }, (_, day) =>
    madeUpDay(next).map(({ at, sensor }) => ({ at: day * 86_400 + Math.round(at * MINUTE), sensor })),
  ).flat()
}

function madeUpDay(random: () => number): MadeUpSign[] {
  const signs: MadeUpSign[] = []
  const goes = random() < 0.7 ? 540 + random() * 60 : undefined
  const back = goes === undefined ? 0 : goes + 40 + random() * 60
  let isGone = false
  for (let at = 400 + random() * 60; at < 1310 + random() * 30; at += 3 + random() * 27) {
    if (goes !== undefined && !isGone && at > goes) {
      isGone = true
      signs.push({ at, sensor: 'door' }, { at: Math.max(at + 5, back), sensor: 'door' })
      at = Math.max(at + 5, back) + 1
    }
    if (at > 750 && at < 840) at = 840 + random() * 30
    signs.push({ at, sensor: at > 1200 || at < 430 ? 'motion-bedroom' : random() < 0.7 ? 'motion-living' : 'motion-bedroom' })
  }
  return signs
}
