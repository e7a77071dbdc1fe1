import { CONVERSIONS, type JsonMap, TIME_FORMATS } from '../../../shared/field-map.ts'
import { hasNoDevice, SIGNAL_DATA, SIGNAL_TYPES, type SignalType } from '../../../shared/signal.ts'
import { isTemplate, looksLikePointer, pointerOf, templateOf } from './json-map-pointer.ts'

/** What is wrong with a map: the entry, what it is, and how to mend it. The shape of a problem's `errors`. */
export interface Flaw {
  field: string
  detail: string
  fix: string
}

const ENTRIES = ['each', 'skipWhen', 'id', 'time', 'address', 'type', 'status', 'data', 'answer']
const MOST = { fields: 60, cases: 1000, text: 500, answer: 8192, skips: 20 }

/** Nothing: it can be used. Otherwise the first twenty flaws. */
export function flawsOf(map: unknown): Flaw[] {
  const flaws: Flaw[] = []
  if (!isRecord(map)) return [{ field: 'map', detail: `is ${kindOf(map)}, not an object`, fix: 'give {"type": …, "data": {…}}' }]
  const tell: Tell = (field, detail, fix) => void flaws.push({ field, detail, fix })
  unknownKeys(map, ENTRIES, 'map', tell)
  if (map.each !== undefined) pointer(map.each, 'map.each', tell)
  if (map.skipWhen !== undefined) conditions(map.skipWhen, tell)
  for (const entry of ['id', 'address', 'status'] as const) if (map[entry] !== undefined) value(map[entry], `map.${entry}`, tell)
  if (map.time !== undefined) time(map.time, tell)
  if (map.type === undefined) tell('map.type', 'is missing', `give one of ${SIGNAL_TYPES.join(', ')}, or a look-up that comes to one`)
  else value(map.type, 'map.type', tell)
  if (!isRecord(map.data))
    tell('map.data', map.data === undefined ? 'is missing' : `is ${kindOf(map.data)}`, 'give {"<field>": "/<pointer>"}')
  else data(map.data, tell)
  if (map.answer !== undefined) answer(map.answer, tell)
  if (flaws.length === 0) meaning(map as unknown as JsonMap, tell)
  return flaws.slice(0, 20)
}

type Tell = (field: string, detail: string, fix: string) => void
type Fields = Record<string, unknown>
const isRecord = (one: unknown): one is Fields => typeof one === 'object' && one !== null && !Array.isArray(one)
const isScalar = (one: unknown) => one === null || ['string', 'number', 'boolean'].includes(typeof one)
const kindOf = (one: unknown) =>
  one === null ? 'null' : Array.isArray(one) ? 'a list' : typeof one === 'object' ? 'an object' : `a ${typeof one}`

function unknownKeys(one: Fields, known: readonly string[], field: string, tell: Tell) {
  for (const key of Object.keys(one))
    if (!known.includes(key)) tell(`${field}.${key}`, 'is no entry that a map has', `take it out, or give one of ${known.join(', ')}`)
}

function pointer(one: unknown, field: string, tell: Tell) {
  if (typeof one !== 'string') return tell(field, `is ${kindOf(one)}, not a pointer`, 'give a JSON pointer such as /events')
  if (one.length > MOST.text) return tell(field, 'is too long', `use at most ${MOST.text} characters`)
  if (pointerOf(one) === undefined)
    tell(field, `${JSON.stringify(one.slice(0, 60))} is no JSON pointer`, 'begin with /, and write ~0 for ~ and ~1 for /')
}

/** a text that stands for itself, for a place, or for several */
function text(one: string, field: string, tell: Tell) {
  if (one.length > MOST.text) return tell(field, 'is too long', `use at most ${MOST.text} characters`)
  if (looksLikePointer(one)) return pointer(one, field, tell)
  if (isTemplate(one) && templateOf(one) === undefined)
    tell(field, `${JSON.stringify(one.slice(0, 60))} has a brace that holds no pointer`, 'write {/building}-{/unit}')
}

function value(one: unknown, field: string, tell: Tell) {
  if (typeof one === 'string') return text(one, field, tell)
  if (isScalar(one)) return
  if (!isRecord(one)) return tell(field, `is ${kindOf(one)}`, 'give a pointer, a constant, or {"at": "/…"}')
  if ('const' in one) {
    unknownKeys(one, ['const'], field, tell)
    if (!isScalar(one.const)) tell(`${field}.const`, `is ${kindOf(one.const)}`, 'give a text, a number, true, false or null')
    return
  }
  lookup(one, field, tell)
}

function lookup(one: Fields, field: string, tell: Tell) {
  unknownKeys(one, ['at', 'as', 'cases', 'otherwise', 'times', 'plus'], field, tell)
  if (typeof one.at !== 'string' || !(looksLikePointer(one.at) || isTemplate(one.at)))
    tell(
      `${field}.at`,
      one.at === undefined ? 'is missing' : `${JSON.stringify(one.at)?.slice(0, 60)} is no pointer`,
      'give a JSON pointer such as /state',
    )
  else text(one.at, `${field}.at`, tell)
  if (one.as !== undefined && !CONVERSIONS.includes(one.as as never))
    tell(`${field}.as`, `${JSON.stringify(one.as)?.slice(0, 40)} is none`, `give one of ${CONVERSIONS.join(', ')}`)
  if (one.cases !== undefined) cases(one.cases, `${field}.cases`, tell)
  if (one.otherwise !== undefined && !isScalar(one.otherwise))
    tell(`${field}.otherwise`, `is ${kindOf(one.otherwise)}`, 'give a text, a number, true, false or null')
  for (const number of ['times', 'plus'] as const)
    if (one[number] !== undefined && !Number.isFinite(one[number])) tell(`${field}.${number}`, 'is no number', 'give a number')
  if (one.cases !== undefined && (one.as ?? one.times ?? one.plus) !== undefined)
    tell(field, 'has cases and a conversion', 'write in the cases what they come to, and leave as, times and plus out')
}

function cases(one: unknown, field: string, tell: Tell) {
  if (!isRecord(one)) return tell(field, `is ${kindOf(one)}`, 'give {"1": "smoke", "2": "gas"}')
  const entries = Object.entries(one)
  if (entries.length === 0) tell(field, 'is empty', 'name at least one case, or leave it out')
  if (entries.length > MOST.cases) tell(field, `has ${entries.length} cases`, `use at most ${MOST.cases}`)
  for (const [key, result] of entries)
    if (!isScalar(result)) tell(`${field}.${key}`, `is ${kindOf(result)}`, 'give a text, a number, true, false or null')
}

function conditions(one: unknown, tell: Tell) {
  const all = Array.isArray(one) ? one : [one]
  if (all.length > MOST.skips) tell('map.skipWhen', `has ${all.length} conditions`, `use at most ${MOST.skips}`)
  for (const [n, each] of all.entries()) condition(each, Array.isArray(one) ? `map.skipWhen.${n}` : 'map.skipWhen', tell)
}
function condition(one: unknown, field: string, tell: Tell) {
  if (!isRecord(one)) return tell(field, `is ${kindOf(one)}`, 'give {"at": "/type", "equals": "heartbeat"}')
  unknownKeys(one, ['at', 'equals', 'exists'], field, tell)
  pointer(one.at, `${field}.at`, tell)
  if (one.equals === undefined && one.exists === undefined) tell(field, 'compares with nothing', 'give equals, or exists: true or false')
  if (one.equals !== undefined && ![one.equals].flat().every(isScalar))
    tell(`${field}.equals`, 'is no value', 'give a value or a list of values')
  if (one.exists !== undefined && typeof one.exists !== 'boolean') tell(`${field}.exists`, `is ${kindOf(one.exists)}`, 'give true or false')
}

function time(one: unknown, tell: Tell) {
  if (typeof one === 'string')
    return looksLikePointer(one) || isTemplate(one) ? text(one, 'map.time', tell) : pointer(one, 'map.time', tell)
  if (!isRecord(one)) return tell('map.time', `is ${kindOf(one)}`, 'give a pointer, or {"at": "/time", "format": "auto", "zone": 480}')
  unknownKeys(one, ['at', 'format', 'zone'], 'map.time', tell)
  if (typeof one.at === 'string' && isTemplate(one.at)) text(one.at, 'map.time.at', tell)
  else pointer(one.at, 'map.time.at', tell)
  if (one.format !== undefined && !TIME_FORMATS.includes(one.format as never))
    tell('map.time.format', `${JSON.stringify(one.format)?.slice(0, 40)} is none`, `give one of ${TIME_FORMATS.join(', ')}`)
  if (one.zone !== undefined && !(Number.isInteger(one.zone) && Math.abs(one.zone as number) <= 840))
    tell('map.time.zone', 'is no zone', 'give minutes east of UTC, 480 for China')
}

function data(fields: Fields, tell: Tell) {
  const entries = Object.entries(fields)
  if (entries.length > MOST.fields) tell('map.data', `has ${entries.length} fields`, `use at most ${MOST.fields}`)
  for (const [name, each] of entries) {
    if (!FIELD_NAME.test(name))
      tell(`map.data.${name.slice(0, 64)}`, 'is no name of a field', 'use letters, digits, - and _, a letter first')
    value(each, `map.data.${name}`, tell)
    const personal = personalIn(each)
    if (personal !== undefined)
      tell(
        `map.data.${name}`,
        `takes ${personal}, which reads like somebody's name or number`,
        'leave it out: who called is not kept with signals',
      )
  }
}

const FIELD_NAME = /^[A-Za-z][\w-]{0,63}$/

/** Names and numbers of people stay where they are. */
const PERSONAL =
  /^(?:(?:caller|contact|reporter|applicant|citizen|linkman|owner|user|person|resident|victim)(?:name|phone|tel|mobile|number)?|phone(?:number|no)?|mobile(?:phone)?|telephone|tel|idcard(?:no)?|idno|idnumber|realname|.*(?:姓名|电话|手机|身份证|联系人|来电人).*)$/i
function personalIn(one: unknown): string | undefined {
  const at = typeof one === 'string' ? one : isRecord(one) && typeof one.at === 'string' ? one.at : ''
  const pointers = looksLikePointer(at) ? [pointerOf(at)] : isTemplate(at) ? templateOf(at) : []
  for (const each of pointers ?? [])
    if (typeof each === 'object' && PERSONAL.test((each.steps.at(-1) ?? '').replace(/[_\-\s]/g, ''))) return each.text
  return undefined
}

function answer(one: unknown, tell: Tell) {
  if (!isRecord(one)) return tell('map.answer', `is ${kindOf(one)}`, 'give {"body": {"code": 200}}')
  unknownKeys(one, ['status', 'body'], 'map.answer', tell)
  const { status, body } = one
  if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 299))
    tell('map.answer.status', `is ${JSON.stringify(status)?.slice(0, 20)}`, 'give a status of success, 200 to 299')
  if (body === undefined) tell('map.answer.body', 'is missing', 'give what the sender wants to read: {"code": 200}, or a word')
  else if (JSON.stringify(body).length > MOST.answer) tell('map.answer.body', 'is too long', `use at most ${MOST.answer} characters`)
}

/** What only a whole map can tell: whether its type has what it needs. */
function meaning(map: JsonMap, tell: Tell) {
  const types = typesOf(map.type)
  for (const type of types ?? [])
    if (!SIGNAL_TYPES.includes(type as never)) tell('map.type', `no signal is of type ${type}`, `give one of ${SIGNAL_TYPES.join(', ')}`)
  const known = (types ?? []).filter((type): type is SignalType => SIGNAL_TYPES.includes(type as never))
  for (const type of known)
    for (const field of missingOf(type, map.data))
      tell(`map.data.${field}`, 'is missing', `${type} needs it: say where it stands, or give a constant`)
  if (map.address === undefined && (types === undefined || !known.every(hasNoDevice)))
    tell('map.address', 'is missing', 'say which device speaks: a pointer to its number')
  if (known.includes('linwang.report'))
    for (const field of Object.keys(map.data))
      if (!REPORT_FIELDS.includes(field))
        tell(`map.data.${field}`, 'is no field of a report', `give ${REPORT_FIELDS.join(', ')}: more is not kept`)
}

const REPORT_FIELDS = [...Object.keys(SIGNAL_DATA['linwang.report'].properties), 'kind', 'urgency']
/** need not be mapped: they are empty when nothing is said */
const LISTS: ReadonlySet<string> = new Set(['references', 'areas'])

const missingOf = (type: SignalType, fields: JsonMap['data']): string[] =>
  ((SIGNAL_DATA[type] as { required?: string[] }).required ?? []).filter((field) => !(field in fields) && !LISTS.has(field))

/** What the type may come to; undefined: whatever the message says. */
function typesOf(type: JsonMap['type']): string[] | undefined {
  if (typeof type === 'string') return looksLikePointer(type) || isTemplate(type) ? undefined : [type]
  if (typeof type !== 'object' || type === null) return [String(type)]
  if ('const' in type) return [String(type.const)]
  if (!type.cases) return undefined
  const results = [...Object.values(type.cases), ...(type.otherwise === undefined ? [] : [type.otherwise])]
  return [...new Set(results.filter((result) => result !== null).map(String))]
}
