import type { MatterKind } from '../../shared/matter-kind.ts'
import type { Category } from '../../shared/person.ts'
import type { Priority } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'

export interface Urgency {
  priority: Priority
  /** whose being there made it one step more urgent */
  because: Category[]
}

/** The kind's priority, one step higher where somebody lives to whom this kind of thing does more harm. */
export function urgencyOf(world: World, kind: MatterKind, placeId: string): Urgency {
  const because = kind.priority === 1 ? [] : peopleAtRisk(world, kind, placeId)
  return { priority: because.length > 0 ? ((kind.priority - 1) as Priority) : kind.priority, because }
}

function peopleAtRisk(world: World, { urgentFor }: MatterKind, placeId: string): Category[] {
  const there = new Set(world.residentsAt(placeId).flatMap(({ categories }) => categories))
  return urgentFor.filter((category) => there.has(category))
}
