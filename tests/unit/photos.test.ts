import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepPhoto, photoPath, removePhoto } from '../../server/photos/files.ts'
import { createDarkroom, type Remade, remake } from '../../server/photos/remake.ts'
import { createPhotoStore, photoBroom, readPhoto } from '../../server/store/photos.ts'
import type { Resident } from '../../shared/person.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const DAY = 86_400_000
const picture = (width = 3000, height = 2000) =>
  sharp({ create: { width, height, channels: 3, background: '#446688' } })
    .jpeg()
    .withExif({ IFD0: { Make: 'Telephone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 0/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer()

const person = (id: string): Resident => ({
  id,
  placeId: 'caihong-b01-u1-101',
  name: '甲',
  sex: 'f',
  birthDate: '1950-01-01',
  relation: 'head',
  categories: [],
})
let api: ApiServer
const dataDir = mkdtempSync(join(tmpdir(), 'linwang-photos-'))
beforeAll(async () => {
  api = await startApi(testWorld({ residents: [person('r-0001'), person('r-0002')] }), 'demo', { dataDir })
})
afterAll(async () => {
  await api.close()
  rmSync(dataDir, { recursive: true })
})

const send = async (role: string, body: Buffer, type = 'image/jpeg', wish = {}) =>
  api.app.inject({ method: 'POST', url: '/api/photos', headers: { ...(await api.as(role, wish)), 'content-type': type }, payload: body })
const see = async (role: string, id: string, wish = {}) => api.app.inject({ url: `/api/photos/${id}`, headers: await api.as(role, wish) })

describe('[S2] a picture is made anew from its pixels', () => {
  test('place and device are gone, it stands upright and is no larger than it needs to be', async () => {
    const answer = await send('officer', await picture())
    expect(answer.statusCode, answer.body).toBe(201)
    expect(answer.json()).toMatchObject({ width: 1280, height: 1920, at: MONDAY_TEN })
    const kept = await see('officer', answer.json().id)
    expect(kept.headers['content-type']).toBe('image/jpeg')
    const metadata = await sharp(kept.rawPayload).metadata()
    expect(metadata).toMatchObject({ format: 'jpeg', width: 1280, height: 1920 })
    expect(metadata.exif).toBeUndefined()
    expect(metadata.orientation).toBeUndefined()
  })

  test.each([
    ['an archive', Buffer.from('PK\x03\x04 not a picture at all')],
    ['half a picture', async () => (await picture()).subarray(0, 900)],
    ['SVG, which can hold script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is refused with the field and the fix', async (_, body) => {
    const answer = await send('officer', typeof body === 'function' ? await body() : body)
    expect([400, 422]).toContain(answer.statusCode)
    expect(answer.json().errors[0]).toMatchObject({ field: 'body', fix: expect.stringContaining('send') })
  })

  test('a small file that unfolds to 56 million pixels is refused before it is unfolded', async () => {
    const bomb = await sharp({ create: { width: 8_000, height: 7_000, channels: 3, background: '#000' }, limitInputPixels: false })
      .png()
      .toBuffer()
    const answer = await send('officer', bomb, 'image/png')
    expect(answer.statusCode).toBe(422)
  }, 30_000)

  test('40 MB are too large', async () => {
    expect((await send('officer', Buffer.alloc(40 * 1024 * 1024), 'image/jpeg')).statusCode).toBe(413)
  })
})

describe('[S3] a picture is for its maker and for those who answer for the place', () => {
  test('a resident sees the own one, another resident does not, nor does the wall', async () => {
    const answer = await send('resident', await picture(40, 30), 'image/jpeg', { residentId: 'r-0001' })
    const { id } = answer.json()
    expect((await see('resident', id, { residentId: 'r-0001' })).statusCode).toBe(200)
    expect((await see('resident', id, { residentId: 'r-0002' })).statusCode).toBe(403)
    expect((await see('wall', id)).statusCode).toBe(403)
  })

  test('nobody takes up a picture of somebody else', async () => {
    const { id, by } = (await send('officer', await picture(40, 30))).json()
    const store = createPhotoStore(api.db)
    expect(() => store.attach([id], { id: 'report-1', placeId: 'caihong' }, 'another')).toThrow(id)
    store.attach([id], { id: 'report-1', placeId: 'caihong' }, by)
    expect(() => store.attach([id], { id: 'report-2', placeId: 'caihong' }, by)).toThrow('report-1')
  })
})

test('[S2] a picture goes when its time is over: row first, file after the commit, and never while its matter is open', async () => {
  const kept: Remade = { bytes: await picture(50, 50), hash: 'ab'.repeat(32), width: 50, height: 50 }
  await keepPhoto(dataDir, kept.hash, kept.bytes, 'test')
  const store = createPhotoStore(api.db)
  const broom = photoBroom(api.db, 30, (hash) => removePhoto(dataDir, hash))
  const row = { hash: kept.hash, bytes: 1, width: 50, height: 50, by: 'x' }
  store.add({ ...row, id: 'photo-901', at: 0 })
  store.add({ ...row, id: 'photo-902', at: 0 })
  store.attach(['photo-902'], { id: 'report-1', placeId: 'caihong', incidentId: 'incident-1' }, 'x')
  const insert = `INSERT INTO incidents (n, id, open, state, kind, priority, status, place, at, doc) VALUES (1, 'incident-1', ?, 'open', 'k', 3, 'actual', 'caihong', 0, '{}')`
  api.db.prepare(insert).run(1)
  const sweep = (at: number) => broom.sweep(at, at, 500)
  expect(sweep(DAY - 1)).toBe(0)
  expect(sweep(DAY + 1)).toBe(1)
  expect(readPhoto(api.db, 'photo-901')).toMatchObject({ goneAt: DAY + 1 })
  expect(sweep(40 * DAY)).toBe(0)
  expect(existsSync(photoPath(dataDir, kept.hash))).toBe(true)
  api.db.prepare(`UPDATE incidents SET open = 0 WHERE id = 'incident-1'`).run()
  expect(sweep(40 * DAY)).toBe(1)
  expect(existsSync(photoPath(dataDir, kept.hash))).toBe(true)
  expect(sweep(40 * DAY)).toBe(1)
  expect(existsSync(photoPath(dataDir, kept.hash))).toBe(false)
  expect(sweep(40 * DAY)).toBe(0)
})

test('[I5] two pictures are unfolded at a time, thirty wait, the next is told to come again', async () => {
  let running = 0
  let most = 0
  const release: (() => void)[] = []
  const darkroom = createDarkroom(async (input) => {
    running += 1
    most = Math.max(most, running)
    await new Promise<void>((resolve) => release.push(resolve))
    running -= 1
    return remake(input)
  })
  const input = await picture(20, 20)
  const all = Array.from({ length: 32 }, () => darkroom(input))
  await expect(darkroom(input)).rejects.toThrow('Too many')
  let left = all.length
  for (const one of all) void one.then(() => (left -= 1))
  while (left > 0) {
    release.shift()?.()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(all)
  expect(most).toBe(2)
})
