/** What says nothing of the device: protocol and envelope. */
const NOISE = new Set(['portNo', 'protocol', 'protocolType', 'specversion', 'version'])
const LONGEST = 600
/** What happened comes before who and when, which stand beside it anyway. */
const TELLING = /event|alarm|type|state|status|value|code|level|action/i
const BESIDE = /mac|^ip|address|date|time|count$/i
const weight = ([name]: readonly [string, string]) => (BESIDE.test(name) ? 2 : TELLING.test(name) ? 0 : 1)

/** The gist of a message for a list: names and values, without brackets and name spaces. */
export function summaryOf(body: string): string {
  const text = body.trim()
  return (text.includes('<') && leavesOfXml(text)) || leavesOfJson(text) || text.replace(/\s+/g, ' ').slice(0, LONGEST)
}

function leavesOfXml(text: string): string {
  const found = [...text.matchAll(/<(?:[\w-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]+)<\//g)]
  return joined(found.map(([, name, value]) => [name!, value!.trim()]))
}

function leavesOfJson(text: string): string {
  try {
    const pairs: [string, string][] = []
    const walk = (value: unknown, name: string) => {
      if (pairs.length > 40) return
      if (typeof value === 'object' && value !== null)
        for (const [key, child] of Object.entries(value)) walk(child, Array.isArray(value) ? name : key)
      else if (value !== null && name) pairs.push([name, String(value)])
    }
    walk(JSON.parse(text), '')
    return joined(pairs)
  } catch {
    return ''
  }
}

const joined = (pairs: readonly (readonly [string, string])[]) =>
  pairs
    .filter(([name, value]) => value !== '' && !NOISE.has(name))
    .sort((a, b) => weight(a) - weight(b))
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ')
    .slice(0, LONGEST)
