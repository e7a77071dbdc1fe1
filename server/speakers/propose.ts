import { type Broadcast, STALE_BROADCAST } from '../../shared/broadcast.ts'
import type { Signal } from '../../shared/signal.ts'
import type { BroadcastStore } from '../store/broadcasts.ts'
import type { AlertChange, Work } from '../work.ts'
import { compose, lengthOf, speakersFor, withSpeaker } from './broadcast.ts'

/** What is worth saying aloud, by kind of alert; `{place}` is the building, never the flat: a loudspeaker names no home. */
const FIRE = '{place}发生火情，请附近居民从楼梯有序撤离，不要乘坐电梯，不要返回取物。'
const SAID: Readonly<Record<string, string>> = {
  'hazard.fire': FIRE,
  'camera.fire': FIRE,
  'hazard.gas': '{place}燃气浓度异常，请附近居民开窗通风，不要开关电器，不要使用明火，尽快到室外。',
}
const WARNED = new Set(['orange', 'red'])
const NEWS = new Set(['alert', 'update'])
const REPEAT = 3
/** ms; nobody has confirmed it by then: it would be too late */
const PROPOSAL_LASTS = 30 * 60_000

export interface Proposer {
  onAlerts(work: Work, changes: readonly AlertChange[]): void
  onSignal(work: Work, signal: Signal): void
  onTick(work: Work): void
}

/** Makes ready what an officer has only to confirm, once for each matter; and says what became of words that no speaker answered for. */
export function createProposer(store: BroadcastStore): Proposer {
  const propose = (work: Work, placeId: string, text: string, because: string, more: Partial<Broadcast>) => {
    const speakers = speakersFor(work.world, placeId)
    const twice = store.open().some((one) => one.because === because)
    if (speakers.length === 0 || twice) return
    const made = compose(work.world, { text, repeat: REPEAT, placeId, status: more.status }, speakers, 'system', work.now)
    const steps = [{ at: work.now, act: 'proposed', by: 'system' }]
    store.put({ ...made, ...more, because, id: work.newId('broadcast'), state: 'proposed', steps })
  }
  return {
    onAlerts(work, changes) {
      for (const { alert, act } of changes) {
        const text = Object.hasOwn(SAID, alert.kind) ? SAID[alert.kind] : undefined
        if (act !== 'raised' || text === undefined || alert.status === 'test' || alert.late) continue
        const { incidentId, status, placeId, key } = work.alerts.get(alert.id) ?? alert
        const building = work.world.places.nearest(placeId, 'building') ?? work.world.places.get(placeId)
        const said = text.replace('{place}', building?.name ?? '')
        propose(work, placeId, said, key, { status, ...(incidentId !== undefined && { incidentId }) })
      }
    },
    onSignal(work, signal) {
      if (signal.type !== 'linwang.warning' || signal.replay) return
      const { headline, colour, msgType, elsewhere, expires } = signal.data
      if (elsewhere || !NEWS.has(msgType) || !WARNED.has(colour) || (expires ?? Number.POSITIVE_INFINITY) <= work.now) return
      propose(work, signal.placeId, `${headline}，请居民注意防范，减少外出。`, `warning ${signal.data.identifier}`, {
        status: signal.status,
      })
    },
    onTick(work) {
      for (const broadcast of store.open()) {
        const after = aged(broadcast, work.now)
        if (after !== broadcast) store.put(after)
      }
    },
  }
}

/** A proposal that nobody took up, a speaker that does not answer, one that has said it by now. */
function aged(broadcast: Broadcast, now: number): Broadcast {
  if (broadcast.state === 'proposed' && now - broadcast.at > PROPOSAL_LASTS)
    return {
      ...broadcast,
      state: 'discarded',
      version: broadcast.version + 1,
      steps: [...broadcast.steps, { at: now, act: 'expired', by: 'system' }],
    }
  if (broadcast.state !== 'sent') return broadcast
  return broadcast.speakers.reduce((all, one) => {
    if (one.state === 'waiting' && now - (broadcast.sentAt ?? 0) > STALE_BROADCAST)
      return withSpeaker(all, one.deviceId, 'failed', now, 'no answer')
    if (one.state === 'playing' && now - one.at > lengthOf(broadcast) + STALE_BROADCAST)
      return withSpeaker(all, one.deviceId, 'played', now)
    return all
  }, broadcast)
}
