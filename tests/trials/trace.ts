/** One system call as strace tells it. The numbers are lines of the trace: a call may begin on one and end on another. */
export interface Call {
  name: string
  /** what the first argument is: a path, or TCP:[own->other] */
  on: string
  args: string
  result: string
  begun: number
  ended: number
}

const LINE = /^(\d+)\s+[\d.]+ (.*)$/
const WHOLE = /^(\w+)\((.*)\)\s+= (-?\d+|\?).*$/
const BEGUN = /^(\w+)\((.*) <unfinished \.\.\.>$/
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)\)\s+= (-?\d+|\?).*$/

/** The calls of `strace -f -ttt -yy`, in the order of their ends. */
export function readTrace(text: string): Call[] {
  const calls: Call[] = []
  const open = new Map<string, { args: string; begun: number }>()
  for (const [n, line] of text.split('\n').entries()) {
    const [, thread, rest] = LINE.exec(line) ?? []
    if (thread === undefined || rest === undefined) continue
    const begun = BEGUN.exec(rest)
    if (begun) {
      open.set(thread, { args: begun[2]!, begun: n })
      continue
    }
    const resumed = RESUMED.exec(rest)
    const before = resumed && open.get(thread)
    const whole = before ? undefined : WHOLE.exec(rest)
    const [name, args, result] = before ? [resumed[1], before.args + resumed[2], resumed[3]] : (whole?.slice(1) ?? [])
    if (name !== undefined) calls.push({ name, on: subject(args!), args: args!, result: result!, begun: before?.begun ?? n, ended: n })
  }
  return calls
}

const subject = (args: string) => /^\d+<((?:TCP(?:v6)?:\[[^\]]*\]|[^>]*))>/.exec(args)?.[1] ?? ''

const ACKNOWLEDGEMENTS = {
  http: /"HTTP\/1\.1 202/,
  webSocket: /\{\\"accepted\\":/,
  /** MQTT 3.1.1, section 3.4: PUBACK is 0x40 */
  mqtt: /\[\{iov_base="@"|, "@\\2/,
}
export type Transport = keyof typeof ACKNOWLEDGEMENTS
const isWal = ({ on }: Call) => on.endsWith('-wal')

/** For every acknowledgement: whether the log was written and forced to the disk between the message's arrival on that socket and it. */
export function judge(calls: readonly Call[]): Record<Transport, { checked: number; ok: number }> {
  const result = { http: { checked: 0, ok: 0 }, webSocket: { checked: 0, ok: 0 }, mqtt: { checked: 0, ok: 0 } }
  const arrived = new Map<string, number>()
  for (const [n, call] of calls.entries()) {
    if (!call.on.startsWith('TCP')) continue
    if (/^(read|recv)/.test(call.name) && Number(call.result) > 0) arrived.set(call.on, n)
    const transport = /^(write|send)/.test(call.name) ? transportOf(call) : undefined
    if (!transport) continue
    result[transport].checked++
    if (isForced(calls.slice(arrived.get(call.on) ?? n, n), call)) result[transport].ok++
  }
  return result
}

const transportOf = (call: Call) =>
  (['http', 'webSocket', 'mqtt'] as const).find((transport) => ACKNOWLEDGEMENTS[transport].test(call.args) && isFirst(transport, call))
/** The body of an HTTP answer holds the same words. */
const isFirst = (transport: Transport, { args }: Call) => transport !== 'webSocket' || !args.includes('HTTP/1.1')

function isForced(between: readonly Call[], acknowledgement: Call): boolean {
  const [arrival] = between
  const written = between.find((call) => isWal(call) && call.name === 'pwrite64' && call.begun > arrival!.ended)
  const forced = between.some(
    (call) =>
      isWal(call) &&
      /^f(data)?sync$/.test(call.name) &&
      call.result === '0' &&
      !!written &&
      call.begun > written.ended &&
      call.ended < acknowledgement.begun,
  )
  return forced
}
