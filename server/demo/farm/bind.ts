import { createSwitchboard } from '../rest.ts'
import type { Herd } from './herd.ts'

interface Place {
  id: string
}

/** Puts the devices of a herd into the register as the engineer would, spread over the buildings. Answers how many were new. */
export async function bindHerd(url: string, { name, feed, kind, addresses }: Herd): Promise<number> {
  const engineer = createSwitchboard(url)({ role: 'engineer' })
  const page = await engineer.get<{ items: Place[] }>('/api/places?kind=building&limit=200')
  const places = page?.items ?? []
  if (places.length === 0) throw new Error('the register has no buildings to bind devices to')
  let made = 0
  for (const [n, address] of addresses.entries()) {
    const body = { feed, address, kind, placeId: places[n % places.length]!.id, name: `${name} ${n + 1}` }
    const { status, body: answer } = await engineer.post('/api/devices', body, `farm ${feed} ${address}`)
    if (status === 201) made++
    else if (status !== 409) throw new Error(`${address} could not be bound: ${status} ${JSON.stringify(answer).slice(0, 200)}`)
  }
  return made
}
