import type { Access } from '../../server/access/access.ts'
import { createFeedBook } from '../../server/access/feed-book.ts'
import { createSealing } from '../../server/access/sealing.ts'
import type { Engine } from '../../server/engine/protocol.ts'
import { createGates } from '../../server/feeds/gates.ts'
import type { Db } from '../../server/store/open.ts'

export const SEAL_KEY = Buffer.alloc(32, 9)

/** The records of the feeds as the main thread has them, over an engine of a test. */
export function testFeeds(read: Db, engine: Pick<Engine, 'onCommit'>, access: Pick<Access, 'refresh'>) {
  const sealing = createSealing(SEAL_KEY)
  const book = createFeedBook({ read, sealing })
  const gates = createGates({ book })
  engine.onCommit(({ feeds }) => {
    if (!feeds) return
    book.refresh()
    access.refresh()
  })
  return { sealing, book, gates }
}
