import type { PushSettings, PushSubscription } from '../../shared/message.ts'
import type { Sealing } from '../access/sealing.ts'
import type { Db } from '../store/open.ts'
import { type EndpointRow, outReader, type StoredSmtp } from '../store/out-records.ts'

/** Where sealed texts belong: moved elsewhere they do not open. */
export const endpointUrlPlace = (id: string) => `endpoint/${id}/url`
export const endpointSecretPlace = (id: string) => `endpoint/${id}/secret`
export const smtpPlace = (host: string) => `smtp/${host}/password`
export const subscriptionPlace = (id: string) => `push/${id}`
export const VAPID_PLACE = 'push/vapid'

export interface OutRecords {
  endpoints(): readonly EndpointRow[]
  endpoint(id: string): { row: EndpointRow; url: string; secret: string | undefined } | undefined
  smtp(): (StoredSmtp & { password: string | undefined }) | undefined
  email(person: string): string | undefined
  subscription(id: string): PushSubscription | undefined
  push(): PushSettings
  hasVapid(): boolean
  vapid(): { publicKey: string; privateKey: string } | undefined
}

/** The records as the sender needs them, opened. Read as they are at each use: they are few, and always as of now. */
export function createOutRecords(read: Db, sealing: Pick<Sealing, 'open'>): OutRecords {
  const store = outReader(read)
  return {
    endpoints: store.endpoints,
    endpoint(id) {
      const row = store.endpoint(id)
      const url = row && sealing.open(row.sealed.url, endpointUrlPlace(id))
      if (!row || url === undefined) return undefined
      return { row, url, secret: row.sealed.secret === undefined ? undefined : sealing.open(row.sealed.secret, endpointSecretPlace(id)) }
    },
    smtp() {
      const smtp = store.smtp()
      return smtp && { ...smtp, password: smtp.sealed === undefined ? undefined : sealing.open(smtp.sealed, smtpPlace(smtp.host)) }
    },
    email: (person) => store.recipient(person)?.email ?? undefined,
    subscription(id) {
      const row = store.subscription(id)
      const text = row && sealing.open(row.sealed, subscriptionPlace(id))
      return text === undefined ? undefined : (JSON.parse(text) as PushSubscription)
    },
    push: store.push,
    hasVapid: () => store.vapid() !== undefined,
    vapid() {
      const keys = store.vapid()
      const privateKey = keys && sealing.open(keys.sealed, VAPID_PLACE)
      return keys && privateKey !== undefined ? { publicKey: keys.publicKey, privateKey } : undefined
    },
  }
}
