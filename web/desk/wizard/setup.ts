import type { Locale } from '../../i18n/index.ts'
import type { Setup } from './setup-book.ts'
import en from './setup-en.ts'
import zh from './setup-zh.ts'
import type { TileId } from './tiles.ts'

/** What a step may name in braces. */
export interface SetupValues {
  host: string
  port: string
  path: string
  secretPath: string
  url: string
  secretUrl: string
  key: string
  id: string
  mqttPort: string
  siaPort: string
  origin: string
}

export const setupOf = (tile: TileId, locale: Locale): Setup => (locale === 'en' ? en : zh)[tile]
export const filled = (text: string, values: SetupValues) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name as keyof SetupValues] ?? whole)
