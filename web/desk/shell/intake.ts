import type { InjectionKey, Ref, ShallowRef } from 'vue'
import { computed, inject, provide, shallowRef, watch } from 'vue'
import type { QuarantineSender } from '../../../shared/quarantine.ts'
import { useSession } from '../../stores/session.ts'
import { all, get } from '../../ui/api.ts'
import type { FeedRow } from '../feeds/feed.ts'
import { nextPulses, type Pulses } from '../feeds/pulse.ts'
import { useList } from '../ui/useList.ts'
import type { Senders } from '../unknown/sender.ts'

/** Feeds and senders are asked for once, for the counts beside the navigation and for the pages. */
export interface Intake {
  feeds: Readonly<ShallowRef<FeedRow[] | undefined>>
  senders: Readonly<Ref<QuarantineSender[] | undefined>>
  crowdedOut: Readonly<Ref<number>>
  feedsError: Readonly<Ref<string>>
  sendersError: Readonly<Ref<string>>
  pulses: Readonly<ShallowRef<Pulses>>
  /** messages of a feed that wait for somebody; undefined: who looks may not know */
  waiting(feed: string): number | undefined
  again(): Promise<unknown>
}
const KEY: InjectionKey<Intake> = Symbol('intake')

export function provideIntake(): Intake {
  const session = useSession()
  const looker = computed(() => (session.mayLook ? session.user?.id : undefined))
  const feeds = useList(
    'feeds',
    () => session.user?.id,
    (signal) => all<FeedRow>('/api/feeds?limit=500', signal),
    2000,
  )
  const senders = useList(
    'senders',
    () => looker.value,
    (signal) => get<Senders>('/api/quarantine/senders', signal),
    2000,
  )
  const pulses = shallowRef<Pulses>(new Map())
  watch(feeds.data, (now) => {
    pulses.value = now ? nextPulses(pulses.value, now) : new Map()
  })
  const intake: Intake = {
    feeds: feeds.data,
    senders: computed(() => senders.data.value?.items),
    crowdedOut: computed(() => senders.data.value?.crowdedOut ?? 0),
    feedsError: feeds.error,
    sendersError: senders.error,
    pulses,
    waiting: (feed) => senders.data.value?.items.filter((each) => each.feed === feed).reduce((sum, { held }) => sum + held, 0),
    again: () => Promise.all([feeds.again(), looker.value ? senders.again() : undefined]),
  }
  provide(KEY, intake)
  return intake
}

export const useIntake = () => inject(KEY)!
