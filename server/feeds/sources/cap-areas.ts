import { childrenOf, type XmlValue, xmlTextAt } from './xml.ts'

/** At most so many areas and codes of one warning are kept. */
const MOST = 200

export interface Areas {
  names: string[]
  codes: string[]
}

/** Where it holds. 12379 lists several in one element, with commas; the name of an area of CAP 1.2 is prose and may hold commas itself. */
export function areasOf(infos: readonly XmlValue[], lists: boolean): Areas {
  const areas = infos.flatMap((info) => childrenOf(info, 'area'))
  const names = areas.flatMap((area) => apart(xmlTextAt(area, 'areaDesc') ?? '', lists))
  const codes = areas.flatMap((area) => childrenOf(area, 'geocode').flatMap((code) => apart(codeText(code), lists)))
  return { names: unique(names), codes: unique(codes) }
}

const codeText = (code: XmlValue) => (typeof code === 'string' ? code.trim() : (xmlTextAt(code, 'value') ?? ''))
const apart = (text: string, lists: boolean) => (lists ? text.split(/[,，]/) : [text]).map((one) => one.trim().slice(0, 300))
const unique = (texts: readonly string[]) => [...new Set(texts.filter((text) => text !== ''))].slice(0, MOST)

/**
 * Whether a warning concerns one of these areas. Division codes (GB/T 2260: province 2, city 2, county 2, town 3, village 3 digits) concern
 * each other when one lies in the other: zeros at the end stand for all of it. One without codes may concern anybody.
 */
export function concerns(codes: readonly string[], wanted: readonly string[]): boolean {
  if (codes.length === 0 || wanted.length === 0) return true
  const own = wanted.map(significant)
  return codes.map(significant).some((code) => own.some((one) => code.startsWith(one) || one.startsWith(code)))
}

const LEVELS = [2, 4, 6, 9, 12]
function significant(code: string): string {
  if (!/^\d{6,12}$/.test(code)) return code
  const level = LEVELS.find((digits) => /^0*$/.test(code.slice(digits)))
  return code.slice(0, level)
}

/** What is wrong with the map of a feed of warnings: `{"codes": ["410102000000"]}` says for which areas it is; absent: for all. */
export function areaFlaws(map: object): { field: string; detail: string; fix: string }[] {
  const fix = 'give {"codes": ["410102000000"]}: the areas for which warnings are shown'
  const strange = Object.keys(map).find((key) => key !== 'codes')
  if (strange !== undefined) return [{ field: `map.${strange}`, detail: 'is no setting of warnings', fix }]
  const { codes } = map as { codes?: unknown }
  const isList =
    Array.isArray(codes) && codes.length <= MOST && codes.every((code) => typeof code === 'string' && code !== '' && code.length <= 64)
  return isList ? [] : [{ field: 'map.codes', detail: 'is no list of codes', fix }]
}
