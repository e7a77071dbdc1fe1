import { type Feed, FeedSettings } from '../../shared/feed.ts'
import { conflict, forbidden, notFound } from '../../shared/problem.ts'
import { actorId, checkVersion, fieldMissing } from '../command.ts'
import type { FeedRow } from '../store/feeds.ts'
import type { Command, Work } from '../work.ts'
import { assertPasswordStays, publicFeed, type SealedChange, withSecrets } from './feed-secrets.ts'

/** What the handlers need of the store and of intake; everything runs inside the transaction of the command. */
export interface FeedDesk {
  read(id: string): FeedRow | undefined
  write(feed: FeedRow): void
  drop(id: string): void
  /** a feed of the register of devices that nobody changed yet has no row: this is what it would be */
  fresh(id: string, now: number): FeedRow
  /** of the register, or one that spoke */
  has(id: string): boolean
  /** whether there is room for one more */
  mayBe(id: string): boolean
  /** the records changed */
  refresh(): void
  addKey(key: { id: string; feed: string; hash: string; createdAt: number; createdBy: string }): void
  /** the secrets of the feed up to now work until then, real time */
  expireKeys(feed: string, at: number): void
  dropKeys(feed: string): void
}

/** What people set, after it was checked; `null` takes a setting back. */
type Change = { [K in keyof FeedSettings]?: FeedSettings[K] | null }
/** What the main thread adds: real time, and the hash of the new secret. */
export interface Given {
  at: number
  keyId?: string
  hash?: string
}

export type FeedHandler = (work: Work, command: Command) => unknown

export function feedCommands(desk: FeedDesk): Record<string, FeedHandler> {
  const existing = (work: Work, id: string): FeedRow => {
    const row = desk.read(id) ?? (desk.has(id) ? desk.fresh(id, work.now) : undefined)
    if (!row) throw notFound(`There is no feed ${id}`)
    return row
  }
  /** the feed as the sender saw it, or 409 with the feed as it is */
  const seen = (work: Work, command: Command): FeedRow => {
    const row = existing(work, command.target ?? '')
    checkVersion(publicFeed(row), command, `last changed by somebody else, now ${row.state}`)
    return row
  }
  const put = (work: Work, { actor, name }: Command, row: FeedRow, detail: Record<string, unknown>): Feed => {
    desk.write(row)
    desk.refresh()
    work.audit({ by: actorId(actor), act: name, subject: row.id, detail })
    return publicFeed(row)
  }
  const addKey = ({ actor, given }: Command, feed: string) => {
    const { at, keyId, hash } = given as unknown as Given
    if (keyId === undefined || hash === undefined) throw fieldMissing('key', 'the hash of the new secret')
    desk.addKey({ id: keyId, feed, hash, createdAt: at, createdBy: actor.id })
  }

  const turn =
    (state: Feed['state']): FeedHandler =>
    (work, command) => {
      const row = seen(work, command)
      return row.state === state ? publicFeed(row) : put(work, command, { ...row, state, version: row.version + 1 }, { state })
    }

  return {
    'feed.create'(work, command) {
      const { feed, sealed = {} } = command.body as unknown as { feed: Feed; sealed?: SealedChange }
      if (desk.has(feed.id)) throw taken(publicFeed(existing(work, feed.id)))
      if (!desk.mayBe(feed.id)) throw tooMany()
      const made: FeedRow = { ...feed, state: 'active', version: 1, firstAt: work.now, createdBy: actorId(command.actor), sealed: {} }
      if (command.given?.hash !== undefined) addKey(command, feed.id)
      return put(work, command, withSecrets(made, sealed), { kind: feed.kind, set: Object.keys(feed) })
    },
    'feed.meet'(work, command) {
      const { id, kind } = command.body as unknown as Pick<Feed, 'id' | 'kind'>
      const known = desk.read(id)
      if (known) return publicFeed(known)
      if (!desk.mayBe(id)) throw tooMany()
      return put(work, command, { ...desk.fresh(id, work.now), kind }, { kind })
    },
    'feed.change'(work, command) {
      const row = seen(work, command)
      const { settings = {}, sealed = {} } = command.body as { settings?: Change; sealed?: SealedChange }
      assertPasswordStays(row, settings, sealed)
      const changed = withSecrets({ ...without(row, settings), version: row.version + 1 }, sealed)
      const secrets = [sealed.password !== undefined ? 'password' : [], sealed.accounts ? 'keys' : []].flat()
      return put(work, command, changed, { changed: [...Object.keys(settings), ...secrets] })
    },
    'feed.pause': turn('paused'),
    'feed.resume': turn('active'),
    'feed.rotate'(work, command) {
      const row = seen(work, command)
      const { at } = command.given as unknown as Given
      const graceHours = Number(command.body.graceHours)
      desk.expireKeys(row.id, at + graceHours * HOUR)
      addKey(command, row.id)
      return put(work, command, { ...row, version: row.version + 1 }, { graceHours })
    },
    'feed.delete'(work, command) {
      const row = seen(work, command)
      const devices = work.world.devices().filter(({ feed }) => feed === row.id)
      if (devices.length > 0) throw hungOn(publicFeed(row), devices)
      desk.drop(row.id)
      desk.dropKeys(row.id)
      desk.refresh()
      work.audit({ by: actorId(command.actor), act: command.name, subject: row.id, detail: { kind: row.kind, name: row.name } })
      return undefined
    },
  }
}

/** ms */
const HOUR = 3_600_000
const SETTINGS = Object.keys(FeedSettings.properties) as (keyof FeedSettings)[]

function without(row: FeedRow, change: Change): FeedRow {
  const next: Record<string, unknown> = { ...row }
  for (const name of SETTINGS) {
    const value = change[name]
    if (value === undefined) continue
    if (value === null) delete next[name]
    else next[name] = value
  }
  return next as unknown as FeedRow
}

const taken = (current: Feed) =>
  conflict(`There is a feed ${current.id} already, of kind ${current.kind}.`, {
    current,
    errors: [{ field: 'id', detail: 'is taken', fix: 'choose another id, or change the feed that is there' }],
  })

const tooMany = () => forbidden('There are too many feeds to add another: delete those that nobody needs.')

function hungOn(current: Feed, devices: readonly { id: string }[]) {
  const some = devices.slice(0, 20).map(({ id }) => id)
  return conflict(`${devices.length} devices hang on ${current.id}: delete them or move them to another feed first, or pause the feed.`, {
    current,
    devices: some,
  })
}
