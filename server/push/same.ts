/** Whether two JSON values say the same; an absent property is an undefined one. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]))
  if (Array.isArray(b)) return false
  return sameProperties(a as Record<string, unknown>, b as Record<string, unknown>)
}

function sameProperties(a: Record<string, unknown>, b: Record<string, unknown>) {
  for (const name in a) if (!same(a[name], b[name])) return false
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false
  return true
}

/** The old value when the new one says the same, so that identity tells what changed. */
export const keep = <T>(old: T, fresh: T): T => (same(old, fresh) ? old : fresh)

/** The same for a list of things with ids; the list itself is kept when none of them moved. */
export function keepItems<T extends { id: string }>(old: readonly T[], fresh: readonly T[]): T[] {
  const known = new Map(old.map((item) => [item.id, item]))
  const kept = fresh.map((item) => {
    const before = known.get(item.id)
    return before === undefined ? item : keep(before, item)
  })
  return kept.length === old.length && kept.every((item, i) => item === old[i]) ? (old as T[]) : kept
}
