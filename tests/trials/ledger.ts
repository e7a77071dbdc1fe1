/** What senders know: every event they sent, and which of them were acknowledged. */
export interface Ledger {
  sent(id: string, text: string): void
  acknowledged(id: string): void
  refused(ids: readonly string[]): void
  counts(): { sent: number; acknowledged: number; refused: number }
  texts(which: 'acknowledged' | 'unacknowledged'): string[]
  ids(which: 'acknowledged' | 'all'): ReadonlySet<string>
}

export function createLedger(): Ledger {
  const texts = new Map<string, string>()
  const acknowledged = new Set<string>()
  let refused = 0
  return {
    sent: (id, text) => void texts.set(id, text),
    acknowledged: (id) => void acknowledged.add(id),
    refused(ids) {
      refused += ids.length
    },
    counts: () => ({ sent: texts.size, acknowledged: acknowledged.size, refused }),
    texts: (which) => [...texts].filter(([id]) => acknowledged.has(id) === (which === 'acknowledged')).map(([, text]) => text),
    ids: (which) => (which === 'all' ? new Set(texts.keys()) : new Set(acknowledged)),
  }
}
