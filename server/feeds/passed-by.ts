/** Messages of a broker that are no signals: pictures, counts, discovery, what others ask of devices. Counted, and never looked into. */
export interface PassedBy {
  note(): void
  total(): number
}

export function createPassedBy(): PassedBy {
  let total = 0
  return {
    note() {
      total++
    },
    total: () => total,
  }
}
