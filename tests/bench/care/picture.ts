import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/**
 * The curve of docs/care.md from the JSON of the bench: `npm run bench:care > care.json && node tests/bench/care/picture.ts care.json docs/care-curve.svg`.
 */
interface Curve {
  home: string
  track: string
  curve: { dial: number; falseAlarmsPerWeek: number; rmdd24: number | null }[]
}
interface Bench {
  homes: (Curve & { people?: number })[]
  summary: { shipped: number }
  baselines: Record<string, (Curve | { curve?: undefined })[]>
}

const { positionals } = parseArgs({ allowPositionals: true })
const [from = 'care.json', to = 'docs/care-curve.svg'] = positionals
const bench = JSON.parse(readFileSync(from, 'utf8')) as Bench

const WIDTH = 460
const HEIGHT = 340
const LEFT = 44
const TOP = 40
/** false alarms a week, logarithmic; h */
const RATES = [0.05, 0.1, 0.25, 0.5, 1, 2]
const HOURS = [0, 2, 4, 6, 8, 10, 12]
const COLOURS: Record<string, string> = {
  learned: '#1668dc',
  'alert line': '#d4742a',
  'fixed timer, any hour': '#6b7680',
  'fixed timer, day hours': '#a9b2bb',
}

const x = (rate: number) => LEFT + (Math.log(rate / 0.04) / Math.log(2.5 / 0.04)) * (WIDTH - LEFT - 16)
const y = (hours: number) => TOP + (1 - hours / 12) * (HEIGHT - TOP - 40)
const one = (value: number) => value.toFixed(1)

function panel(home: string, shift: number): string {
  const lines = Object.entries(COLOURS).map(([name, colour]) => {
    const list = name === 'learned' ? bench.homes : ((bench.baselines[name] ?? []) as Curve[])
    const found = list.find((curve) => curve.home === home && curve.track === 'O')
    const points = (found?.curve ?? []).filter(
      (point) => point.rmdd24 !== null && point.falseAlarmsPerWeek >= 0.04 && point.falseAlarmsPerWeek <= 2.5 && point.rmdd24 <= 12,
    )
    const path = points.map((point) => `${one(x(point.falseAlarmsPerWeek))},${one(y(point.rmdd24!))}`)
    const dots = path.map((at) => `<circle cx="${at.replace(',', '" cy="')}" r="2" fill="${colour}"/>`)
    const shipped = name === 'learned' ? points.filter(({ dial }) => dial === bench.summary.shipped) : []
    const mark = shipped.map(
      (point) =>
        `<circle cx="${one(x(point.falseAlarmsPerWeek))}" cy="${one(y(point.rmdd24!))}" r="6" fill="none" stroke="${colour}" stroke-width="2"/>`,
    )
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="${name === 'learned' ? 2.5 : 1.5}"/>${dots.join('')}${mark.join('')}`
  })
  const grid = [
    ...HOURS.map(
      (hours) =>
        `<path d="M${LEFT} ${one(y(hours))}H${WIDTH - 16}" stroke="#e3e7ea"/><text x="${LEFT - 8}" y="${one(y(hours) + 4)}" text-anchor="end">${hours}</text>`,
    ),
    ...RATES.map(
      (rate) =>
        `<path d="M${one(x(rate))} ${TOP}V${HEIGHT - 40}" stroke="#e3e7ea"/><text x="${one(x(rate))}" y="${HEIGHT - 24}" text-anchor="middle">${rate}</text>`,
    ),
  ]
  return `<g transform="translate(${shift} 0)"><text x="${LEFT}" y="24" font-size="15" font-weight="600">${home}</text>${grid.join('')}${lines.join('')}<text x="${(WIDTH + LEFT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">false alarms a week (log)</text></g>`
}

const names = bench.homes.filter(({ track, people }) => track === 'O' && people === undefined).map(({ home }) => home)
const legend = Object.entries(COLOURS).map(
  ([name, colour], n) =>
    `<g transform="translate(${LEFT + n * 190} ${HEIGHT + 14})"><path d="M0 0H24" stroke="${colour}" stroke-width="3"/><text x="30" y="4">${name}</text></g>`,
)
writeFileSync(
  to,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH * names.length} ${HEIGHT + 32}" font-family="sans-serif" font-size="12" fill="#33404b"><title>Mean delay against false alarms a week: the learned line and three baselines</title><rect width="100%" height="100%" fill="#fff"/>${names.map((home, n) => panel(home, n * WIDTH)).join('')}${legend.join('')}<text x="12" y="${HEIGHT / 2}" transform="rotate(-90 12 ${HEIGHT / 2})" text-anchor="middle">mean delay, h (24 h at most)</text></svg>\n`,
)
