import { Compile } from 'typebox/compile'
import { SIGNAL_DATA, type SignalType } from '../../shared/signal.ts'

const CHECKS = new Map<string, ReturnType<typeof compile>>(Object.entries(SIGNAL_DATA).map(([type, schema]) => [type, compile(schema)]))

function compile(schema: (typeof SIGNAL_DATA)[SignalType]) {
  const compiled = Compile(schema)
  return {
    check: (data: unknown) => compiled.Check(data),
    firstError(data: unknown) {
      const [error] = compiled.Errors(data)
      return { where: `/data${error?.instancePath ?? ''}`, detail: error?.message ?? 'is not as the type says' }
    },
  }
}

export const isKnownType = (type: string): type is SignalType => CHECKS.has(type)

/** Where the data of a known type is not as its schema says, and how; undefined when it is. A vendor's own extra fields are welcome. */
export function dataFlaw(type: SignalType, data: unknown): { where: string; detail: string } | undefined {
  const { check, firstError } = CHECKS.get(type)!
  return check(data) ? undefined : firstError(data)
}
