import type { Endpoint, Recipient } from '../../shared/message.ts'
import { type OutReader, publicEndpoint, type SubscriptionRow } from '../store/out-records.ts'
import type { Book } from './notify.ts'

export interface NotifyBook extends Book {
  /** the records changed: read them anew */
  refresh(): void
}

/** The ways to people, in memory: every change of an order asks for them. */
export function createBook(store: OutReader): NotifyBook {
  let endpoints: Endpoint[] = []
  let recipients = new Map<string, Recipient>()
  let subscriptions = new Map<string, SubscriptionRow[]>()
  let mail = false
  const refresh = () => {
    endpoints = store.endpoints().map(publicEndpoint)
    recipients = new Map(store.recipients().map((one) => [one.id, one]))
    subscriptions = Map.groupBy(store.subscriptions().toReversed(), ({ person }) => person)
    mail = store.smtp() !== undefined
  }
  refresh()
  return {
    refresh,
    endpoints: () => endpoints,
    recipient: (id) => recipients.get(id),
    subscriptions: (person) => subscriptions.get(person) ?? [],
    hasMail: () => mail,
  }
}
