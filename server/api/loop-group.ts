import { LOOP_CHANNELS, LOOP_COUNTS, LOOP_STEPS, type LoopCount, type LoopGroup, type StepFigures } from '../../shared/loop.ts'
import { type Cell, quantile } from '../store/sketch.ts'

/** One line of the figures out of the sums that are kept. */
export function groupOf(key: string, name: string, { counts, sketches }: Cell, now: LoopGroup['now']): LoopGroup {
  const of = (count: LoopCount) => counts[LOOP_COUNTS.indexOf(count)] ?? 0
  const ratings = of('ratings')
  return {
    ...{ key, name, steps: LOOP_STEPS.map((step, i) => stepOf(step, sketches[i]!)) },
    ...{ incidents: of('incidents'), orders: of('orders'), overdue: of('overdue') },
    ...{ reopened: of('reopened'), refused: of('refused'), rejected: of('rejected') },
    rating: { count: ratings, mean: ratings === 0 ? null : Math.round((10 * of('stars')) / ratings) / 10 },
    channels: Object.fromEntries(LOOP_CHANNELS.flatMap((channel) => (of(channel) > 0 ? [[channel, of(channel)]] : []))),
    now,
  }
}

function stepOf(step: StepFigures['step'], sketch: Cell['sketches'][number]): StepFigures {
  const { count, within, targets } = sketch
  const seconds = (share: number) => {
    const value = quantile(sketch, share)
    return value === null ? null : Math.round(value)
  }
  return {
    ...{ step, count, median: seconds(0.5), p90: seconds(0.9) },
    within: count === 0 ? null : Math.round((1000 * within) / count) / 10,
    target: count === 0 ? null : Math.round(targets / count),
  }
}
