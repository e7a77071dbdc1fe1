import type { World } from '../../shared/world.ts'
import type { Sealing } from '../access/sealing.ts'
import type { Engine } from '../engine/protocol.ts'
import type { Live } from '../push/options.ts'
import type { Db } from '../store/open.ts'
import { outboxReader } from '../store/outbox.ts'
import { createDeliver } from './deliver.ts'
import { SENDER } from './ledger.ts'
import { noticeOf } from './notice.ts'
import { PATIENCE } from './post.ts'
import { createOutRecords, VAPID_PLACE } from './records.ts'
import { type Sender, startSender } from './sender.ts'
import { newVapidKeys } from './web-push.ts'

export interface OutOptions {
  engine: Pick<Engine, 'command' | 'onCommit' | 'clock'>
  /** read-only connection */
  read: Db
  world(): World
  sealing: Pick<Sealing, 'open' | 'seal'>
  live: Pick<Live, 'notice'>
  log: { warn(about: object, message: string): void }
  /** real ms: until the first retry, and that one attempt may take */
  firstRetry?: number | undefined
  patience?: number | undefined
  now?(): number
  /** 0 … 1 */
  random?(): number
}

/** What leaves the house, and what appears on open pages. Nothing is called that nobody set up. */
export async function startOut(options: OutOptions): Promise<Sender> {
  const { engine, read, world, sealing, live, log, now = Date.now, random = Math.random, patience = PATIENCE } = options
  const outbox = outboxReader(read)
  const records = createOutRecords(read, sealing)
  if (!records.hasVapid()) {
    const { publicKey, privateKey } = newVapidKeys()
    const keys = { publicKey, sealed: sealing.seal(privateKey, VAPID_PLACE) }
    await engine.command({ name: 'notify.vapid', body: { keys }, actor: SENDER })
  }
  const deliver = createDeliver({ records, world, now, patience })
  const sender = startSender({ engine, outbox, records, deliver, now, random, log, firstRetry: options.firstRetry })
  const unfollow = engine.onCommit(({ out }) => {
    if (!out) return
    for (const id of out.notices) {
      const message = outbox.get(id)
      if (message) live.notice(message.recipient, noticeOf(message, world()))
    }
    sender.hurry()
  })
  return {
    ...sender,
    async close() {
      unfollow()
      await sender.close()
    },
  }
}
