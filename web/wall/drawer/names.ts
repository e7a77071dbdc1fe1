import type { WallState } from '../../../shared/wall.ts'

/** Whom this wall knows by name: the officer, the grid workers, those with an order. Everybody else stays nameless here. */
export function namesIn(state: Pick<WallState, 'shift' | 'grids' | 'orders'>): Map<string, string> {
  const names = new Map<string, string>()
  const learn = (id: string | null | undefined, name: string | undefined) => id && name && names.set(id, name)
  learn(state.shift?.officerId, state.shift?.officer)
  for (const grid of state.grids) learn(grid.workerId, grid.worker)
  for (const order of state.orders) {
    learn(order.assignee, order.assigneeName)
    learn(order.contactId, order.contactName)
  }
  return names
}
