import { hazard, heartbeat, type Reading } from './nbiot-reading.ts'

/**
 * The binary frame of Huaqiang's NB-IoT terminals: "PU", a length, a head of 21 bytes (type, number, version, model, maker, origin, carrier,
 * attributes, time, IMEI), then command, alarm bits, fault, mode, battery and what the model measures.
 */
export function readHuaqiang(frame: Buffer): Reading[] | { detail: string; where: number } | undefined {
  if (frame.length < 4 || frame[0] !== 0x50 || frame[1] !== 0x55) return undefined
  const length = frame.readUInt16BE(2)
  if (length + 4 !== frame.length || length < LEAST)
    return { detail: `the frame says that it has ${length} bytes after its length, and has ${frame.length - 4}`, where: 2 }
  if ((frame.readUInt16BE(ATTRIBUTES) & ENCRYPTED) !== 0)
    return { detail: 'the frame is encrypted: switch the encryption of the terminal off', where: ATTRIBUTES }
  const model = frame[MODEL]!
  if (model === HYDRANT) return hydrant(frame)
  if (model === SMOKE) return smoke(frame)
  return { detail: `model 0x${hex(model)} of Huaqiang's frame is not known here`, where: MODEL }
}

/** offsets from the beginning of the frame */
const MODEL = 7
const ATTRIBUTES = 11
const ALARM = 27
const FAULT = 28
const BATTERY = 32
const LOW_MARK = 43
const SAMPLES = 55
const LEAST = 29
const ENCRYPTED = 0x0c00
/** W306 消防栓, W308 烟雾 */
const HYDRANT = 0x06
const SMOKE = 0x08

const hex = (byte: number) => byte.toString(16).padStart(2, '0')
const bit = (bits: number, n: number) => (bits & (1 << n)) !== 0

/** per cent that stand for "low" when the battery's own figure contradicts its alarm */
const LOW = 5
function health(frame: Buffer, low: boolean): Reading {
  const battery = frame[BATTERY]!
  return heartbeat(battery > 100 && !low ? {} : { battery: low ? Math.min(LOW, battery) : battery })
}

/** Alarm bits: 0 pressure too low, 1 too high, 5 battery low, 7 fault. The pressure is no cumulative reading, so it is no meter. */
function hydrant(frame: Buffer): Reading[] {
  const alarm = frame[ALARM]!
  const pressure = latestSample(frame)
  const mark = frame.length >= LOW_MARK + 4 ? frame.readUInt32BE(LOW_MARK) : undefined
  const measured = { ...(pressure !== undefined && { pressure }), ...(mark !== undefined && { lowMark: mark }) }
  return [
    hazard('water-pressure', bit(alarm, 0) || bit(alarm, 1), { ...measured, ...(bit(alarm, 0) && { low: true }) }),
    hazard('trouble', bit(alarm, 7) || frame[FAULT] !== 0),
    health(frame, bit(alarm, 5)),
  ]
}

/** Alarm bits: 0 smoke, 2 battery low, 7 fault. */
function smoke(frame: Buffer): Reading[] {
  const alarm = frame[ALARM]!
  return [hazard('smoke', bit(alarm, 0)), hazard('trouble', bit(alarm, 7) || frame[FAULT] !== 0), health(frame, bit(alarm, 2))]
}

/** A number of samples, then for each its time and value, four bytes each. */
function latestSample(frame: Buffer): number | undefined {
  if (frame.length <= SAMPLES) return undefined
  let latest: { time: number; value: number } | undefined
  for (let n = 0, at = SAMPLES + 1; n < frame[SAMPLES]! && at + 8 <= frame.length; n++, at += 8) {
    const sample = { time: frame.readUInt32BE(at), value: frame.readInt32BE(at + 4) }
    if (!latest || sample.time > latest.time) latest = sample
  }
  return latest?.value
}
