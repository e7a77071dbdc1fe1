import { io, type Socket } from 'socket.io-client'
import type { Patch } from '../../shared/live.ts'
import type { AlertView } from '../../shared/wall.ts'
import { sharedNow } from './numbers.ts'

/** One patch that carried an alert of a device, as one wall got it. */
export interface Sighting {
  deviceId: string
  count: number
  at: number
}

/** Opens `count` walls; each sighting of an alert goes to `see`. Resolves when every wall has its snapshot. */
export async function openWalls(
  url: string,
  count: number,
  see: (sighting: Sighting) => void,
): Promise<{ close(): void; patches(): number }> {
  let patches = 0
  const open = () =>
    new Promise<Socket>((ready, fail) => {
      const socket = io(`${url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false })
      socket.on('connect', () => socket.emit('watch', {}))
      socket.on('snapshot', () => ready(socket))
      socket.on('connect_error', fail)
      socket.on('patch', (patch: Patch) => {
        const at = sharedNow()
        patches += 1
        for (const op of patch.ops) {
          if (op.op !== 'put' || op.list !== 'alerts') continue
          const alert = op.item as AlertView
          if (alert.deviceId) see({ deviceId: alert.deviceId, count: alert.count, at })
        }
      })
    })
  const sockets: Socket[] = []
  for (let i = 0; i < count; i += 20) sockets.push(...(await Promise.all(Array.from({ length: Math.min(20, count - i) }, open))))
  return { close: () => sockets.forEach((socket) => void socket.disconnect()), patches: () => patches }
}

// As a process of its own: walls.ts URL COUNT, sightings to the parent in groups.
if (process.argv[1] === import.meta.filename) {
  const waiting: Sighting[] = []
  const walls = await openWalls(process.argv[2]!, Number(process.argv[3]), (sighting) => waiting.push(sighting))
  process.send!({ ready: true })
  setInterval(() => waiting.length > 0 && process.send!({ sightings: waiting.splice(0) }), 200)
  process.on('message', () => {
    walls.close()
    process.exit(0)
  })
}
