import { Type } from 'typebox'
import { badRequest, forbidden } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { MAX_RATE, parseDuration } from '../clock.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'

/** The clock of the domain, and the registers. */
export function systemRoutes(app: App, api: Api): void {
  clock(app, api)
  registerImport(app, api)
}

const Clock = Type.Object({
  advance: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'seconds, "90m" or "PT1H30M"; with CLOCK=manual' })),
  rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MAX_RATE, description: 'domain seconds a real second' })),
})

function clock(app: App, { access, world, engine, config }: Api): void {
  const guard = createGuard({ access, world })
  const view = () => ({ ...engine.clock(), iso: new Date(engine.clock().now).toISOString() })
  app.get('/api/clock', { schema: { tags: ['system'] } }, async (request) => {
    guard.allow(request, 'clock.view')
    return view()
  })
  app.post('/api/clock', { schema: { tags: ['system'], summary: 'Demo and test databases only', body: Clock } }, async (request) => {
    const actor = toActor(guard.allow(request, engine.clock().mode === 'manual' ? 'clock.step' : 'clock.set'))
    if (config.mode !== 'demo') throw forbidden('The clock of a live system is not set by hand')
    const { advance, rate } = request.body
    if (advance === undefined && rate === undefined) throw wrong('advance', 'give advance (seconds or "90m") or rate')
    if (rate !== undefined) await engine.command({ name: 'clock.rate', body: { rate }, actor })
    if (advance !== undefined) {
      if (parseDuration(advance) === undefined) throw wrong('advance', 'give seconds, "90m" or "PT1H30M", more than zero')
      await engine.command({ name: 'clock.advance', body: { advance }, actor })
    }
    return view()
  })
}

const wrong = (field: string, fix: string) =>
  badRequest(`${field} is not usable`, { errors: [{ field, detail: 'is missing or wrong', fix }] })

/** 64 MiB: a district's registers as text */
const IMPORT_LIMIT = 64 * 1024 * 1024
const Import = Type.Object({
  files: Type.Record(Type.String(), Type.String(), { description: 'file name → text, or base64 with encoding' }),
  encoding: Type.Optional(Type.Literal('base64')),
})

function registerImport(app: App, { access, world, engine }: Api): void {
  const guard = createGuard({ access, world })
  const schema = {
    tags: ['registers'],
    summary: 'All or nothing; an error names file, row, column, value and fix',
    querystring: Type.Object({ check: Type.Optional(Type.Boolean({ description: 'say what would happen, change nothing' })) }),
    body: Import,
  }
  app.post('/api/registers/import', { schema, bodyLimit: IMPORT_LIMIT }, async (request) => {
    const actor = toActor(guard.allow(request, 'registers.import'))
    const check = request.query.check === true
    const imported = await engine.command<object>({ name: 'registers.import', body: { ...request.body, check }, actor })
    return { check, imported }
  })
}
