import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Resident } from '../../shared/person.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const person = (n: number): Resident => ({
  ...{
    id: `r-${n}`,
    placeId: 'caihong-b01-u1-101',
    name: ['', '王一', '李二', '张三'][n]!,
    sex: 'f',
    birthDate: '1950-01-01',
    relation: 'head',
    categories: [],
  },
})
let api: ApiServer
beforeAll(async () => {
  api = await startApi(testWorld({ residents: [1, 2, 3].map(person) }))
})
afterAll(() => api.close())

const call = async (role: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, wish = {}) => {
  const answer = await api.app.inject({ method, url: `/api/${url}`, headers: await api.as(role, wish), ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}
const resident = (n: number, method: 'GET' | 'POST' | 'DELETE', url: string) =>
  call('resident', method, url, undefined, { residentId: `r-${n}` })
const ACTIVITY = {
  kind: 'activity',
  title: '重阳节包饺子',
  body: '欢迎参加',
  placeId: 'caihong',
  startsAt: MONDAY_TEN + 86_400_000,
  where: '活动室',
  places: 2,
}

test('[S3] a draft is nobody’s to read; published it reaches those whom it concerns, withdrawn nobody', async () => {
  const draft = await call('officer', 'POST', 'publications', { ...ACTIVITY, kind: 'notice', title: '停水通知' })
  expect(draft).toMatchObject({ status: 201, body: { state: 'draft', version: 1 } })
  const titles = async () => (await resident(1, 'GET', 'my/publications')).body.items.map((one: { title: string }) => one.title)
  expect(await titles()).toEqual([])
  const { id } = draft.body
  expect((await call('officer', 'POST', `publications/${id}/publish`, { version: 1 })).status).toBe(200)
  expect(await titles()).toEqual(['停水通知'])
  expect((await call('officer', 'POST', `publications/${id}/withdraw`, { version: 1 })).status).toBe(409)
  expect((await call('officer', 'POST', `publications/${id}/withdraw`, { version: 2 })).status).toBe(200)
  expect(await titles()).toEqual([])
  expect((await resident(1, 'POST', `my/publications/${id}/sign-up`)).status).toBe(404)
  expect((await call('resident', 'POST', 'publications', ACTIVITY)).status).toBe(403)
})

test('[D2] signing up twice is once, beyond the places one waits, and moves up when somebody signs off', async () => {
  const { id } = (await call('officer', 'POST', 'publications', ACTIVITY)).body
  await call('officer', 'POST', `publications/${id}/publish`, { version: 1 })
  const sign = (n: number) => resident(n, 'POST', `my/publications/${id}/sign-up`)
  expect((await sign(1)).body).toMatchObject({ signedUp: 'yes', taken: 1 })
  expect((await sign(1)).body).toMatchObject({ signedUp: 'yes', taken: 1 })
  expect((await sign(2)).body).toMatchObject({ signedUp: 'yes', taken: 2 })
  expect((await sign(3)).body).toMatchObject({ signedUp: 'waiting', taken: 3 })
  expect((await resident(3, 'GET', 'my/publications')).body.items[0]).not.toHaveProperty('signUps')
  await resident(1, 'DELETE', `my/publications/${id}/sign-up`)
  expect((await resident(3, 'GET', 'my/publications')).body.items[0]).toMatchObject({ signedUp: 'yes', taken: 2 })
  const [seen] = (await call('officer', 'GET', 'publications')).body.items
  expect(seen.signUps.map(({ name }: { name: string }) => name)).toEqual(['李*', '张*'])
})

test('[I3] what is wrong is named with its fix', async () => {
  const { startsAt: _, ...without } = ACTIVITY
  expect((await call('officer', 'POST', 'publications', without)).body.errors[0]).toMatchObject({ field: 'startsAt' })
  expect((await call('officer', 'POST', 'publications', { ...ACTIVITY, until: 5 })).body.errors[0]).toMatchObject({ field: 'until' })
  expect((await call('officer', 'POST', 'publications', { ...ACTIVITY, title: '' })).body.errors[0]).toMatchObject({ field: 'title' })
})

test('a time that is no whole number of milliseconds is answered, not stored', async () => {
  for (const field of ['from', 'until', 'startsAt'])
    expect((await call('officer', 'POST', 'publications', { ...ACTIVITY, [field]: MONDAY_TEN + 90_000_000.5 })).status, field).toBe(400)
})
