import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const files = globSync(['server/**/*.ts', 'shared/**/*.ts', 'web/**/*.{ts,vue}'], { cwd: root }).sort()

/** Specifiers of static and dynamic imports, exports-from, and `import type`; comments that look like one do no harm. */
const specifiers = (file: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from\s*|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g)].map((found) => found[1]!)

const imports = new Map(
  files.map((file) => [
    file,
    specifiers(file).map((name) => (name.startsWith('.') ? relative(root, join(root, dirname(file), name.replace(/\?.*$/, ''))) : name)),
  ]),
)
const arrows = [...imports].flatMap(([from, targets]) => targets.map((to) => ({ from, to })))
const forbidden = (from: RegExp, to: RegExp, but = /$^/) =>
  arrows.filter((arrow) => from.test(arrow.from) && to.test(arrow.to) && !but.test(arrow.from)).map(({ from: f, to: t }) => `${f} → ${t}`)

const STAGES = ['feeds', 'intake', 'analysis', 'incidents', 'dispatch', 'feedback', 'notify', 'push']

test('[§3] the tree was read', () => {
  expect(files.length).toBeGreaterThan(30)
  expect(arrows.length).toBeGreaterThan(60)
})

test('[§3] shared imports nothing of server or web, and nothing but TypeBox', () => {
  expect(forbidden(/^shared\//, /^(server|web)\//)).toEqual([])
  expect(forbidden(/^shared\//, /^(?!shared\/|typebox)/)).toEqual([])
})

test('[§3] the page does not import the server, nor the server the page', () => {
  expect(forbidden(/^web\//, /^server\//)).toEqual([])
  expect(forbidden(/^server\//, /^web\//)).toEqual([])
})

test.each(STAGES)('[§3] stage %s knows no other stage', (stage) => {
  const others = STAGES.filter((other) => other !== stage).join('|')
  expect(forbidden(new RegExp(`^server/${stage}/`), new RegExp(`^server/(${others})/`))).toEqual([])
})

test.each([
  ['SQL', /^(better-sqlite3|kysely)/, /^server\/(store|engine)\//],
  ['Fastify', /^(fastify|@fastify\/)/, /^server\/(app\.ts|pages\.ts|api\/|access\/|feeds\/)/],
  ['Socket.IO on the server', /^socket\.io$/, /^server\/push\/socket\.ts/],
  ['Socket.IO on the page', /^socket\.io-client$/, /^web\/live\/socket\.ts/],
  ['mapbox-gl', /^mapbox-gl/, /^web\/map\//],
  ['ECharts', /^echarts/, /^web\/charts\//],
  ['mail and Web Push', /^(nodemailer|web-push)/, /^server\/out\//],
  ['aedes and mqtt', /^(aedes|mqtt)/, /^server\/(feeds|demo)\//],
])('[§3] %s lives in its own room', (_name, pack, home) => {
  expect(forbidden(/^/, pack, home)).toEqual([])
})

test('[§3] there is no import cycle', () => {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) return void cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
    if (done.has(file)) return
    for (const next of imports.get(file) ?? []) if (imports.has(next)) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})
