import { type Fields, isFields, parseJson } from './json-text.ts'
import { hazard, heartbeat, numberOf, type Reading } from './nbiot-reading.ts'

/** What a fire transmission device said, and when by its own clock. */
export interface FireReport {
  readings: Reading[]
  /** its own number of the message */
  id?: string
  /** ms */
  time?: number
  /** a part whose state is none; the others are told all the same */
  flaw?: string
}

/**
 * 用户信息传输装置: JSON {b: [{id, v}], c, id, tm}. `c` is the kind of message, `b` the parts of the fire system that it speaks of, `v` what
 * they say: the component status word of GB/T 26875.3 in decimal (c = 27, and 26 when a part acted), else a code of events.
 */
export function readFireReport(text: string): FireReport | { detail: string } | undefined {
  const read = parseJson(text)
  if (!('value' in read) || !isFields(read.value) || !('c' in read.value)) return undefined
  const { c, b, id, tm } = read.value
  const command = numberOf(c)
  const reader = command === undefined ? undefined : COMMANDS[command]
  if (!reader)
    return { detail: `${JSON.stringify(c)?.slice(0, 40)} is no kind of message of a fire transmission device that is known here` }
  const readings: Reading[] = []
  let flaw: string | undefined
  for (const part of partsOf(b)) {
    const found = reader(part)
    if (!found) {
      flaw ??= `${JSON.stringify(part.v)?.slice(0, 40)} is no state of a part in a message of kind ${command}`
      continue
    }
    const name = OF_PARTS.has(command!) ? nameOfPart(part) : undefined
    readings.push(...found.map((reading) => ({ ...reading, ...(name !== undefined && { part: name }) })))
  }
  const time = numberOf(tm)
  return {
    readings,
    ...(flaw && { flaw }),
    ...(id !== undefined && { id: `${id}`.slice(0, 64) }),
    ...(time !== undefined && time > 0 && { time }),
  }
}

/** one, many, or none: then the device speaks of itself */
function partsOf(b: unknown): Fields[] {
  const parts = (Array.isArray(b) ? b : [b]).filter(isFields)
  return parts.length > 0 ? parts : [{}]
}
const nameOfPart = ({ id }: Fields) => (typeof id === 'string' || typeof id === 'number' ? `${id}`.slice(0, 100) : undefined)

type PartReader = (part: Fields) => Reading[] | undefined

/** 装置自己的: whether it is heard at all */
const offline: PartReader = () => [{ type: 'linwang.heartbeat', data: { online: false } }]
const lives: PartReader = ({ v }) => [heartbeat(v === undefined ? {} : { said: v })]

/** Component status of GB/T 26875.3-2011, table 5. A part in test says so by bit 0 alone; one that reports fire as well is taken at its word. */
const BITS = { fire: 1, fault: 2, shielded: 3, supervised: 4, started: 5, feedback: 6, delayed: 7, power: 8 } as const

function component({ v }: Fields): Reading[] | undefined {
  const word = numberOf(v)
  if (word === undefined || !Number.isInteger(word) || word < 0 || word > 0xffff) return undefined
  const has = (bit: number) => (word & (1 << bit)) !== 0
  const states = Object.entries(BITS).flatMap(([name, bit]) => (has(bit) ? [name] : []))
  return [
    hazard('fire', has(BITS.fire), { word }),
    hazard('trouble', has(BITS.fault) || has(BITS.power), { word }),
    heartbeat({ word, ...(states.length > 0 && { states }) }),
  ]
}

const EVENTS: Readonly<Record<string, () => Reading[]>> = {
  /** 设备自检 */
  '-2': () => [heartbeat({ selfTest: true })],
  /** 心跳 */
  '-1': () => [heartbeat()],
  /** 解除报警 */
  0: () => ['smoke', 'heat', 'trouble', 'tamper'].map((code) => hazard(code, false)),
  /** 烟雾报警 */
  1: () => [hazard('smoke', true)],
  /** 温度过高 */
  2: () => [hazard('heat', true)],
  /** 设备故障 */
  3: () => [hazard('trouble', true)],
  /** 低电压 */
  4: () => [heartbeat({ battery: 5 })],
  /** 拆卸报警 */
  5: () => [hazard('tamper', true)],
}
const event: PartReader = ({ v }) => EVENTS[`${numberOf(v)}`]?.()

/** These speak of a part; the rest of the device itself. */
const OF_PARTS: ReadonlySet<number> = new Set([21, 22, 23, 26, 27])
const COMMANDS: Readonly<Record<number, PartReader>> = {
  /** 报警, 预警, 故障事件 */
  21: event,
  22: event,
  23: event,
  /** 装置状态, 消防主机状态 */
  24: lives,
  25: lives,
  /** 部件动作, 部件状态 */
  26: component,
  27: component,
  /** 装置离线 */
  92: offline,
}
