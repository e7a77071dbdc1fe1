import { type TSchema, Type } from 'typebox'
import { FEED_KINDS, type Feed, FeedConnection, FeedId, type FeedKind, FeedSettings, isOutgoing, SiaAccount } from '../../shared/feed.ts'
import { badRequest } from '../../shared/problem.ts'
import { accountPlace, passwordPlace, type Sealing } from '../access/sealing.ts'
import { isAddressOrBlock } from '../feeds/allow-list.ts'
import { areaFlaws } from '../feeds/sources/cap-areas.ts'
import { flawsOf } from '../feeds/sources/json-map-flaws.ts'
import type { SealedChange } from '../registers/feed-secrets.ts'

const Password = Type.String({ minLength: 1, maxLength: 200 })
/** AES of 128, 192 or 256 bits: in hexadecimal, or the characters themselves as many panels ask for it */
const AesKey = Type.String({ pattern: '^([ -~]{16}|[ -~]{24}|[ -~]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})$' })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const Connection = Type.Object(FeedConnection.properties, { additionalProperties: false })
const Account = Type.Object({ ...SiaAccount.properties, key: Type.Optional(orNull(AesKey)) }, { additionalProperties: false })
const { name: _, connection: _connection, accounts: _accounts, ...plain } = FeedSettings.properties

export const NewFeed = Type.Object(
  {
    id: FeedId,
    kind: Type.Enum([...FEED_KINDS]),
    ...plain,
    name: Type.Optional(FeedSettings.properties.name),
    connection: Type.Optional(Connection),
    accounts: Type.Optional(Type.Array(Account, { maxItems: 1000 })),
    password: Type.Optional(Password),
  },
  { additionalProperties: false },
)

const { zone, strict, allow, rate, maxBytes, silentAfter, map } = FeedSettings.properties
/** null takes a setting back */
export const FeedChange = Type.Object(
  {
    version: Type.Integer(),
    name: Type.Optional(FeedSettings.properties.name),
    zone: Type.Optional(orNull(zone)),
    strict: Type.Optional(orNull(strict)),
    allow: Type.Optional(orNull(allow)),
    rate: Type.Optional(orNull(rate)),
    maxBytes: Type.Optional(orNull(maxBytes)),
    silentAfter: Type.Optional(orNull(silentAfter)),
    connection: Type.Optional(orNull(Connection)),
    accounts: Type.Optional(orNull(Type.Array(Account, { maxItems: 1000 }))),
    map: Type.Optional(orNull(map)),
    password: Type.Optional(orNull(Password)),
  },
  { additionalProperties: false },
)

/** Of a body, what the rules below look at. */
interface Asked {
  allow?: string[] | null
  connection?: Feed['connection'] | null
  accounts?: (NonNullable<Feed['accounts']>[number] & { key?: string | null })[] | null
  map?: object | null
  password?: string | null
}
type Flaw = { field: string; detail: string; fix: string }

/** @throws ProblemError 400 that names every field that is wrong, and how to mend it */
export function assertPossible(kind: FeedKind, asked: Asked, isNew: boolean): void {
  const errors = [...addressFlaws(asked), ...connectionFlaws(kind, asked, isNew), ...accountFlaws(kind, asked), ...mapFlaws(kind, asked)]
  if (errors.length > 0) throw badRequest(errors.map(({ field, detail }) => `${field} ${detail}`).join('; '), { errors })
}

function addressFlaws({ allow }: Asked): Flaw[] {
  return (allow ?? []).flatMap((entry, n) =>
    isAddressOrBlock(entry)
      ? []
      : [{ field: `allow.${n}`, detail: `${entry} is no address and no block`, fix: 'e.g. 192.168.1.20, 192.168.1.0/24 or fd00::/8' }],
  )
}

function connectionFlaws(kind: FeedKind, { connection, password }: Asked, isNew: boolean): Flaw[] {
  if (!isOutgoing(kind)) {
    const flaw = (field: string) => ({ field, detail: `is not for ${kind}`, fix: `leave it out: a feed of kind ${kind} calls us` })
    return [connection ? flaw('connection') : [], password ? flaw('password') : []].flat()
  }
  if (connection === null || (isNew && connection === undefined))
    return [{ field: 'connection', detail: 'is missing', fix: 'give {"url": "http://192.168.1.64", "username": "…"}' }]
  return connection ? urlFlaws(connection.url) : []
}

function urlFlaws(text: string): Flaw[] {
  const field = 'connection.url'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) return [{ field, detail: 'is no address', fix: 'e.g. http://192.168.1.64 or https://recorder.local:8443' }]
  if (url.username || url.password)
    return [{ field, detail: 'holds a user name', fix: 'give connection.username and password apart from the address' }]
  return []
}

function accountFlaws(kind: FeedKind, { accounts }: Asked): Flaw[] {
  if (!accounts) return []
  if (kind !== 'sia-dc09') return [{ field: 'accounts', detail: `is not for ${kind}`, fix: 'leave it out: only sia-dc09 has accounts' }]
  const seen = new Set<string>()
  return accounts.flatMap(({ account }, n) => {
    const again = seen.has(account)
    seen.add(account)
    return again ? [{ field: `accounts.${n}.account`, detail: `${account} is there twice`, fix: 'keep one of the two' }] : []
  })
}

function mapFlaws(kind: FeedKind, { map }: Asked): Flaw[] {
  if (map === undefined || map === null) return []
  if (kind === 'cap') return areaFlaws(map)
  if (kind !== 'json') return [{ field: 'map', detail: `is not for ${kind}`, fix: 'leave it out: only json and cap have a map' }]
  return flawsOf(map)
}

/** From here on passwords and keys are sealed text; what is left may be stored and told. */
export function sealSecrets<T extends Asked>(feed: string, { password, accounts, ...rest }: T, sealing: Sealing) {
  const sealed: SealedChange = {}
  if (password !== undefined) sealed.password = password === null ? null : sealing.seal(password, passwordPlace(feed))
  const keys = (accounts ?? []).flatMap(({ account, key }) =>
    key === undefined ? [] : [[account, key === null ? null : sealing.seal(key, accountPlace(feed, account))] as const],
  )
  if (keys.length > 0) sealed.accounts = Object.fromEntries(keys)
  const shown = accounts?.map(({ key: _key, ...one }) => one) ?? null
  return { settings: { ...rest, ...(accounts !== undefined && { accounts: shown }) }, sealed }
}
