import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OutgoingClient, OutgoingOptions } from './client.ts'
import { keepConnected, Refused, type Session, WAITS, type Waits } from './connection.ts'
import { createDeviceClient } from './digest.ts'
import { insist } from './insist.ts'
import { createPullPoint, deviceClock, eventService, type PullPoint, pullMessages, renew, unsubscribe } from './onvif-calls.ts'
import { SoapFault, type SoapOptions } from './soap.ts'

export interface PullTuning {
  /** ms that the device may hold an answer back */
  wait?: number
  /** ms that a subscription shall last */
  term?: number
  /** ms between two pulls that brought nothing and were answered at once */
  pause?: number
  /** ms for a call that is answered at once */
  soon?: number
  waits?: Partial<Waits>
}

const DEFAULTS = { wait: 10_000, term: 120_000, pause: 1_000, soon: 10_000 }
const MESSAGES = 100
/** An empty answer says that the device is there: the engine is told once a minute. */
const TELL_EVERY = 60_000
/** ms that a goodbye may take */
const GOODBYE = 1_000
/** Where devices have it when the address names no path; where their events are when they do not say. */
const DEVICE_SERVICE = '/onvif/device_service'
const EVENT_SERVICE = '/onvif/event_service'

type Setting = Required<Omit<PullTuning, 'waits'>>

/**
 * ONVIF real-time pull-point: subscribes, pulls, renews, and subscribes again when the device forgot us. What a device tells right after a
 * subscription are states (`Initialized`): a replay. Each answer goes to the engine as it is and the next is asked for when it is kept.
 * ONVIF Core Specification, section 9.1.
 */
export const createOnvifPull =
  (tuning: PullTuning = {}): OutgoingClient =>
  (options) =>
    keepConnected(options, (session) => connect(options, session, { ...DEFAULTS, ...tuning }), { ...WAITS, ...tuning.waits })

export const onvifPull: OutgoingClient = createOnvifPull()

async function connect(options: OutgoingOptions, session: Session, setting: Setting): Promise<string> {
  const { url, username, selfSigned } = options.feed.connection!
  const { origin, pathname, search } = new URL(url)
  const device = pathname === '/' ? DEVICE_SERVICE : pathname + search
  let ahead = 0
  const soap: SoapOptions = {
    client: createDeviceClient({ url: origin, username, password: options.password, selfSigned, timeout: setting.wait + 2 * setting.soon }),
    username,
    password: options.password,
    clock: () => options.now() + ahead,
    nonce: () => randomBytes(16),
    messageId: randomUUID,
    soon: setting.soon,
    signal: options.signal,
  }
  ahead = ((await deviceClock(device, soap).catch(unlessGone)) ?? options.now()) - options.now()
  const events = (await eventService(device, soap).catch(unlessGone)) ?? EVENT_SERVICE
  const point = await createPullPoint(events, setting.term, soap)
  await session.up()
  options.log.info({ feed: options.feed.id, lasts: point.lasts }, 'events are pulled')
  try {
    return await pullAll(point, options, session, setting, soap)
  } finally {
    await unsubscribe(point, GOODBYE, { ...soap, signal: AbortSignal.timeout(GOODBYE) }).catch(() => {})
  }
}

/** A device that does not know the question may still have events; one that knows us not, or is not there, has none. */
function unlessGone(error: unknown): undefined {
  if (error instanceof SoapFault || /^the (device answers|answer is)/.test((error as Error).message)) return undefined
  throw error
}

async function pullAll(point: PullPoint, options: OutgoingOptions, session: Session, setting: Setting, soap: SoapOptions): Promise<string> {
  const since = options.now()
  let ends = since + point.lasts
  let lasts = point.lasts
  let toldAt = Number.NEGATIVE_INFINITY
  for (let count = 1; !options.signal.aborted; count++) {
    const asked = options.now()
    const { bytes, text } = await pullMessages(point, setting.wait, MESSAGES, soap)
    session.heard()
    const bears = text.includes('NotificationMessage')
    if (bears || options.now() - toldAt >= TELL_EVERY) {
      toldAt = options.now()
      const headers = { 'content-type': 'application/soap+xml' }
      const { id } = options.feed
      await insist(
        options.engine,
        { source: 'onvif', transport: 'pull', feed: id, headers, ref: `${since}.${count}`, bytes },
        options.signal,
      )
    }
    if (!bears && options.now() - asked < setting.pause) await sleep(setting.pause, undefined, { signal: options.signal }).catch(() => {})
    if (ends - options.now() > lasts / 2) continue
    lasts = await renew(point, setting.term, soap).catch(unlessForgotten)
    ends = options.now() + lasts
  }
  return 'told to stop'

  /** Pulling keeps some subscriptions alive, and their devices know no Renew: the next pull says whether it still stands. */
  function unlessForgotten(error: unknown): number {
    if (error instanceof Refused || !(error instanceof SoapFault)) throw error
    return lasts
  }
}
