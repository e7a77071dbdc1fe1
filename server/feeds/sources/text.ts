import { hash32 } from '../../../shared/random.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** undefined when the bytes are not UTF-8. A byte order mark is dropped. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Tells apart what one device said in the same moment, nothing more. */
export const digest = (text: string): string => hash32(text).toString(36)
