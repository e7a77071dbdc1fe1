import { type FeedKind, isOutgoing } from '../../../shared/feed.ts'
import type { FeedRow } from './feed.ts'

export interface AccountDraft {
  account: string
  key: string
  hasKey: boolean
  supervision: number | null
  /** null: as the feed says; false: even a wrong checksum is overlooked */
  strict: boolean | null
}
/** A feed's settings while somebody types them: texts may be wrong, empty means "as usual". */
export interface Draft {
  id: string
  name: string
  zone: number | null
  strict: boolean
  allow: string[]
  rate: number | null
  maxKilobytes: number | null
  silentAfter: number | null
  url: string
  username: string
  password: string
  hasPassword: boolean
  selfSigned: boolean
  accounts: AccountDraft[]
  map: string
}

export const emptyAccount = (): AccountDraft => ({ account: '', key: '', hasKey: false, supervision: 60, strict: null })

export function draftOf(feed: Partial<FeedRow>): Draft {
  return {
    id: feed.id ?? '',
    name: feed.name ?? '',
    zone: feed.zone ?? null,
    strict: feed.strict ?? false,
    allow: [...(feed.allow ?? [])],
    rate: feed.rate ?? null,
    maxKilobytes: feed.maxBytes === undefined ? null : Math.round((feed.maxBytes / 1024) * 10) / 10,
    silentAfter: feed.silentAfter ?? null,
    url: feed.connection?.url ?? '',
    username: feed.connection?.username ?? '',
    password: '',
    hasPassword: feed.connection?.hasPassword ?? false,
    selfSigned: feed.connection?.selfSigned ?? false,
    accounts: (feed.accounts ?? []).map(({ account, supervision, strict, hasKey }) => ({
      account,
      key: '',
      hasKey: hasKey ?? false,
      supervision: supervision ?? null,
      strict: strict ?? null,
    })),
    map: feed.map ? JSON.stringify(feed.map, null, 2) : '',
  }
}

/** 128, 192 or 256 bits, in hexadecimal or as characters */
const AES_KEY = /^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64}|[\x21-\x7e]{16}|[\x21-\x7e]{24}|[\x21-\x7e]{32})$/i

export const usesConnection = (kind: FeedKind) => isOutgoing(kind)
export const usesAccounts = (kind: FeedKind) => kind === 'sia-dc09'
export const usesMap = (kind: FeedKind) => kind === 'json'

/** What is wrong with what was typed, by field; the server looks again. */
export function faultsOf(draft: Draft, kind: FeedKind, fresh: boolean): Record<string, string> {
  const faults: Record<string, string> = {}
  if (!draft.name.trim()) faults.name = 'desk.form.needName'
  if (fresh && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(draft.id)) faults.id = 'desk.form.badId'
  if (usesConnection(kind) && !/^https?:\/\/[^\s/]+/.test(draft.url)) faults.url = 'desk.form.badUrl'
  if (usesAccounts(kind) && !draft.accounts.some(({ account }) => account.trim())) faults.accounts = 'desk.form.needAccount'
  if (draft.accounts.some(({ key }) => key && !AES_KEY.test(key))) faults.accounts = 'desk.form.badKey'
  if (usesMap(kind) && draft.map.trim() && parsed(draft.map) === undefined) faults.map = 'desk.form.badMap'
  return faults
}

/** The body of POST and PATCH. `null` takes a setting back to what is usual. */
export function bodyOf(draft: Draft, kind: FeedKind, fresh: boolean): Record<string, unknown> {
  const usual = fresh ? undefined : null
  const connection = {
    url: draft.url.trim(),
    ...(draft.username.trim() && { username: draft.username.trim() }),
    ...(draft.selfSigned && { selfSigned: true }),
  }
  return {
    name: draft.name.trim(),
    zone: draft.zone ?? usual,
    strict: draft.strict || usual,
    allow: draft.allow.length ? draft.allow : usual,
    rate: draft.rate ?? usual,
    maxBytes: draft.maxKilobytes === null ? usual : Math.round(draft.maxKilobytes * 1024),
    silentAfter: draft.silentAfter ?? usual,
    ...(usesConnection(kind) && { connection, ...(draft.password && { password: draft.password }) }),
    ...(usesAccounts(kind) && { accounts: draft.accounts.filter(({ account }) => account.trim()).map(accountOf) }),
    ...(usesMap(kind) && draft.map.trim() && { map: parsed(draft.map) }),
  }
}

const accountOf = ({ account, key, supervision, strict }: AccountDraft) => ({
  account: account.trim(),
  ...(key && { key }),
  ...(supervision !== null && { supervision }),
  ...(strict !== null && { strict }),
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
