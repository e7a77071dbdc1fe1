import type { Config } from './config.ts'
import { type SiaOptions, startSia } from './feeds/sia.ts'

export interface SiaPort {
  /** a line for people */
  says: string | undefined
  close(): Promise<void>
}

/** The receiver of alarm panels where SIA_PORT asks for it; a taken port is told of and the rest goes on. */
export async function startSiaPort({ config, ...o }: Omit<SiaOptions, 'host' | 'port'> & { config: Config }): Promise<SiaPort> {
  const { host, siaPort } = config
  if (siaPort === 0) return { says: undefined, close: async () => {} }
  try {
    const sia = await startSia({ ...o, host, port: siaPort })
    return { says: `${host}:${sia.port} TCP UDP`, close: sia.close }
  } catch (error) {
    const words = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? '已被占用 port taken' : (error as Error).message
    return { says: `端口 ${siaPort} ${words}，未启动 not served (set SIA_PORT)`, close: async () => {} }
  }
}
