/** What went wrong without losing anything, by part: shown in health, never hidden. */
export interface Faults {
  note(part: string, error: unknown): void
  all(): Record<string, { count: number; last: string }>
}

export function createFaults(): Faults {
  const faults = new Map<string, { count: number; last: string }>()
  return {
    note(part, error) {
      const last = error instanceof Error ? error.message : String(error)
      faults.set(part, { count: (faults.get(part)?.count ?? 0) + 1, last })
    },
    all: () => Object.fromEntries(faults),
  }
}
