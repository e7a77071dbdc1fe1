import { splitBlock, words } from './message.ts'

/** One event of an SIA DC-03 block such as `Nri2^Boven^ti19:42BA3^Entree^|Ahello`. */
export interface DcsEvent {
  code: string
  /** the number behind the code: a zone, a user, a door */
  point: string
  /** ri: partition */
  area?: string
  /** what the panel calls the point; of user events a person's name */
  text?: string
  /** sent from its memory (an O instead of the N) */
  old: boolean
}

// in turn: text between carets, *'text'NM, a modifier with its value, an event code with its number, or one character that says nothing
const PART = /\^([^^]*)\^?|\*'?([^'/]*)'?(?:NM)?|([a-z]{2})([0-9:.,-]*)|([A-Z][A-Z_])(\d*)|[\s\S]/g
/** NM marks that a name follows; it is no event. */
const MARKS: ReadonlySet<string> = new Set(['NM'])

/** The events of one block; undefined when it holds none. */
export function readDcs(block: string): { account: string; events: DcsEvent[] } | undefined {
  const { account, data } = splitBlock(block)
  const [main = '', ...texts] = data.split('|')
  const flag = /^[NO](?=[A-Za-z/]|$)/.test(main) && !isBareCode(main) ? main[0]! : ''
  const events = eventsOf(main.slice(flag.length), flag === 'O')
  const spoken = texts.find((text) => text[0] === 'A')
  const last = events.at(-1)
  if (last && spoken && last.text === undefined) last.text = words(spoken.slice(1))
  return events.length > 0 ? { account, events } : undefined
}

/** `OP1`, `NL4`: the letter belongs to the code, not the N or O for new and old */
const isBareCode = (main: string) => /^[NO][A-Z]\d*(?![A-Za-z])/.test(main)

function eventsOf(main: string, old: boolean): DcsEvent[] {
  const events: DcsEvent[] = []
  let area: string | undefined
  for (const [, caret, quoted, modifier, value, code, point] of main.matchAll(PART)) {
    const text = caret ?? quoted
    if (code !== undefined && !MARKS.has(code)) events.push({ code, point: point!, old, ...(area !== undefined && { area }) })
    else if (modifier === 'ri') area = value!
    else if (text && events.length > 0) events.at(-1)!.text = words(text)
  }
  return events
}
