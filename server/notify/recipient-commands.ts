import { DEFAULT_RECIPIENT, type PushSettings, type RecipientSettings } from '../../shared/message.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import { actorId } from '../command.ts'
import type { StoredSmtp, SubscriptionRow, VapidKeys } from '../store/out-records.ts'
import type { Command } from '../work.ts'
import type { NotifyDesk, NotifyHandler } from './desk.ts'

/** Browsers of one person; the oldest makes room. */
const MOST_SUBSCRIPTIONS = 10

/** How people want to be told, their browsers, and the mail server. */
export function recipientCommands({ store, book }: NotifyDesk): Record<string, NotifyHandler> {
  return {
    'recipient.change'(work, command) {
      const id = command.target!
      const known = store.recipient(id)
      const version = known?.version ?? 0
      if (command.version !== undefined && command.version !== version)
        throw conflict(`The settings of ${id} have changed since you saw them`, { current: known ?? { ...DEFAULT_RECIPIENT, id, version } })
      const change = command.body as Partial<RecipientSettings>
      const next = { ...DEFAULT_RECIPIENT, ...known, ...change, id, version: version + 1 }
      store.putRecipient(next)
      book.refresh()
      work.audit({ by: actorId(command.actor), act: command.name, subject: id, detail: { changed: Object.keys(change) } })
      return store.recipient(id)
    },
    'push.subscribe'(work, command) {
      const row = { ...(command.body as unknown as SubscriptionRow), createdAt: work.now }
      store.addSubscription(row)
      const own = store.subscriptions().filter(({ person }) => person === row.person)
      for (const { id } of own.slice(0, Math.max(0, own.length - MOST_SUBSCRIPTIONS))) store.dropSubscription(id)
      book.refresh()
      work.audit({ by: actorId(command.actor), act: command.name, subject: row.person, detail: { subscription: row.id, host: row.host } })
      return { id: row.id, host: row.host, createdAt: row.createdAt }
    },
    'push.unsubscribe'(work, command) {
      const row = store.subscription(command.target!)
      if (!row || row.person !== command.body.person) throw notFound(`There is no subscription ${command.target}`)
      store.dropSubscription(row.id)
      book.refresh()
      work.audit({ by: actorId(command.actor), act: command.name, subject: row.person, detail: { subscription: row.id } })
      return { id: row.id }
    },
    'notify.smtp'(work, command) {
      const before = store.smtp()
      checkSeen(command, before)
      const { smtp } = command.body as { smtp: Omit<StoredSmtp, 'version'> | null }
      store.setSmtp(smtp ? { ...smtp, version: (before?.version ?? 0) + 1 } : undefined)
      book.refresh()
      const detail = smtp ? { host: smtp.host, port: smtp.port, security: smtp.security, verify: smtp.verify } : { host: null }
      work.audit({ by: actorId(command.actor), act: command.name, subject: 'smtp', detail })
      return undefined
    },
    'notify.push'(work, command) {
      const { push } = command.body as { push: PushSettings }
      store.setPush(push)
      work.audit({ by: actorId(command.actor), act: command.name, subject: 'webpush', detail: { hosts: push.hosts } })
      return push
    },
    /** once, at the first start */
    'notify.vapid'(work, command) {
      const known = store.vapid()
      if (known) return { publicKey: known.publicKey }
      const { keys } = command.body as { keys: VapidKeys }
      store.setVapid(keys)
      work.audit({ by: 'system', act: command.name, subject: 'webpush', detail: { publicKey: keys.publicKey } })
      return { publicKey: keys.publicKey }
    },
  }
}

function checkSeen({ version }: Command, before: StoredSmtp | undefined): void {
  if (version === undefined || version === (before?.version ?? 0)) return
  throw conflict('The mail server was changed by somebody else: look at it again', { current: { version: before?.version ?? 0 } })
}
