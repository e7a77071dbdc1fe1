const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** undefined when the bytes are not UTF-8. A byte order mark is dropped. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

/** FNV-1a: tells apart what one device said in the same moment, nothing more. */
export function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}
