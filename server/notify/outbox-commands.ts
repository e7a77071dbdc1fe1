import type { MessageKind } from '../../shared/message.ts'
import { conflict, notFound, unprocessable } from '../../shared/problem.ts'
import type { Priority } from '../../shared/status.ts'
import { actorId } from '../command.ts'
import type { Settled, StoredMessage } from '../store/outbox.ts'
import type { Work } from '../work.ts'
import { draftsFor } from './channels.ts'
import type { NotifyDesk, NotifyHandler } from './desk.ts'
import { endpointLane } from './endpoints.ts'
import { settle } from './settle.ts'

/** What the sender did, what people ask of the outbox, and marks of the list. */
export function outboxCommands(desk: NotifyDesk): Record<string, NotifyHandler> {
  const { store, outbox, book } = desk
  return {
    /** the sender is about to try: after a crash these are sent again, with the same ids */
    'outbox.begin': (_work, { body }) => ({ ids: outbox.begin(body.ids as string[], Number(body.at)) }),
    'outbox.settle'(work, { body }) {
      for (const settled of body.settled as Settled[]) settle(work, desk, settled)
      return undefined
    },
    'outbox.recover': () => ({ recovered: outbox.recover() }),
    'outbox.retry'(work, command) {
      const message = outbox.get(command.target!)
      if (!message) throw notFound(`There is no message ${command.target}`)
      if (message.state === 'sent' || message.state === 'sending')
        throw conflict(`${message.id} is ${message.state}: there is nothing to try again`, { current: shown(message) })
      if (message.channel === 'webhook' && !store.endpoint(message.recipient))
        throw unprocessable(`The endpoint ${message.recipient} of ${message.id} is gone`)
      outbox.again(message.id)
      work.audit({
        by: actorId(command.actor),
        act: command.name,
        subject: message.id,
        detail: { was: message.state, reason: message.reason },
      })
      return shown(outbox.get(message.id)!)
    },
    'notice.read': (work, { target, body }) => ({
      read: outbox.read(target!, work.now, { ids: (body.ids as string[] | undefined) ?? [], upTo: body.upTo as string | undefined }),
    }),
    /** the button: one message by every way that is set up, quiet hours or not */
    'notify.test'(work, command) {
      const person = command.target!
      const drafts = draftsFor(person, { ...TEST, params: { by: actorId(command.actor) } }, book, timeOf(work))
      work.audit({ by: actorId(command.actor), act: command.name, subject: person })
      return { ids: drafts.map((draft) => outbox.put(draft)) }
    },
    'endpoint.test'(work, command) {
      const endpoint = store.endpoint(command.target!)
      if (!endpoint) throw notFound(`There is no endpoint ${command.target}`)
      const draft = { ...TEST, channel: 'webhook' as const, recipient: endpoint.id, lane: endpointLane(endpoint.id), createdAt: work.now }
      work.audit({ by: actorId(command.actor), act: command.name, subject: endpoint.id })
      return { ids: [outbox.put({ ...draft, params: { by: actorId(command.actor) } })] }
    },
  }
}

const TEST: { kind: MessageKind; priority: Priority; status: 'actual'; incidentId: string; placeId: string } = {
  ...{ kind: 'test', priority: 1, status: 'actual', incidentId: '', placeId: '' },
}
const timeOf = ({ now, world }: Work) => ({ now, utcOffset: world.utcOffset })

/** A row as others may see it: what is the sender's own stays here. */
export function shown({ n: _n, lane: _lane, target: _target, afterChannels: _after, ...message }: StoredMessage) {
  return message
}
