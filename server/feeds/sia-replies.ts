import { encipher } from './sia-cipher.ts'
import { type Frame, makeFrame } from './sources/sia/frame.ts'
import type { Header } from './sources/sia/message.ts'
import { stampOf } from './sources/sia/moment.ts'

/** To whom a reply goes, and how it was addressed: sequence, receiver, line and account come back as they were (DC-09, 5.5.3). */
export interface Asked {
  header: Header
  crcForm: Frame['crcForm']
  /** what the message was enciphered with */
  key?: Buffer | undefined
}

/** It is kept. */
export const ack = (asked: Asked, now: number) => echo('ACK', asked, now)
/** It is a message, and nothing that is read here: saying it again would not help. */
export const duh = (asked: Asked, now: number) => echo('DUH', asked, now)

function echo(token: string, { header, crcForm, key }: Asked, now: number): Buffer {
  const address = `${header.sequence}${header.receiver}${header.line}${header.accountText}`
  const body = key ? `"*${token}"${address}[${encipher(`]_${stampOf(now)}`, key)}` : `"${token}"${address}[]`
  return makeFrame(body, crcForm)
}

/** Its time is not ours: set the clock by this and say it again. Never enciphered. */
export const nak = (crcForm: Frame['crcForm'], now: number) => makeFrame(`"NAK"0000R0L0A0[]_${stampOf(now)}`, crcForm)
