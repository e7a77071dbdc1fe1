import { computed, ref } from 'vue'
import type { SetupValues } from './setup.ts'

const LOOPBACK = /^(localhost|127\.|\[?::1\]?)/
/** In what is typed into a device a name of the own machine leads nowhere. */
export const isLoopback = (host: string) => LOOPBACK.test(host)

/** The values that a setup names, for the address under which the devices reach this server. */
export function useSetupValues(feed: () => { id: string; kind: string; key?: string }, port: () => number | undefined) {
  const host = ref(location.hostname)
  const own = location.port || (location.protocol === 'https:' ? '443' : '80')
  const values = computed<SetupValues>(() => {
    const { id, kind, key = '••••••••' } = feed()
    const origin = `${location.protocol}//${host.value}${location.port ? `:${own}` : ''}`
    const path = kind === 'cloudevents' ? '/feeds/events' : `/feeds/${kind}/${id}`
    const secretPath = `${path}/${key}`
    return {
      host: host.value,
      port: own,
      path,
      secretPath,
      url: origin + path,
      secretUrl: origin + secretPath,
      key,
      id,
      origin,
      mqttPort: String(port() || 1883),
      siaPort: String(port() || 'SIA_PORT'),
    }
  })
  return { host, values }
}
