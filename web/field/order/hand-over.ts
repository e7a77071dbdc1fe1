import type { MyOrder } from '../../../shared/my-orders.ts'
import type { Team } from '../../../shared/team.ts'

/** Somebody or some team to hand an order to. */
export interface HandOver {
  name: string
  to: { assignee: string } | { teamId: string } | { pool: string }
}
const MOST_TEAMS = 8

/** Those whose telephone number stands with the order, and the teams and pools that take such a matter. */
export function handOvers(order: MyOrder, teams: readonly Team[], me: string, matter: string): HandOver[] {
  const people = order.contacts.filter(({ id }) => id !== me).map(({ id, name }): HandOver => ({ name, to: { assignee: id } }))
  const takes = ({ form, matters, id }: Team) =>
    form !== 'outside' && (matters.includes('*') || matters.includes(matter) || id === order.teamId)
  const sides = teams.filter(takes).map(({ id, name, form }): HandOver => ({ name, to: form === 'pool' ? { pool: id } : { teamId: id } }))
  return [...people, ...sides.slice(0, MOST_TEAMS)]
}
