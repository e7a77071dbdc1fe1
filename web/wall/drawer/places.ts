import type { WallState } from '../../../shared/wall.ts'
import type { Target } from '../../ui/pick.ts'

/** Which of the lists' items lie at a place, by the public ids that they carry. */
const FIELD = { grid: 'gridId', cluster: 'clusterId', building: 'buildingId' } as const
interface Somewhere {
  placeId: string
  gridId?: string
  clusterId?: string
  buildingId?: string
}

export function at<T extends Somewhere>(items: readonly T[], kind: Target['kind'], id: string): T[] {
  const field = kind in FIELD ? FIELD[kind as keyof typeof FIELD] : 'placeId'
  return items.filter((item) => item[field] === id || item.placeId === id)
}

export function namedPlace(state: Pick<WallState, 'grids' | 'clusters'>, target: Target) {
  const grid = state.grids.find(({ id }) => id === target.id)
  const cluster = state.clusters.find(({ id }) => id === target.id)
  return { grid, cluster, people: grid?.people ?? cluster?.people, households: grid?.households ?? cluster?.households }
}
