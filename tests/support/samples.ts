import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** Messages of real devices whose licence does not let them into the project: read in place, their tests are skipped where they are absent. */
const OUTSIDE = join(root, '..', 'shared', 'data', 'feeds')

export const sampleThere = (path: string) => existsSync(join(OUTSIDE, path))
export const sample = (path: string) => readFileSync(join(OUTSIDE, path), 'utf8')
export const sampleBytes = (path: string) => new Uint8Array(readFileSync(join(OUTSIDE, path)))
export const fixtureBytes = (path: string) => new Uint8Array(readFileSync(join(root, 'fixtures', 'feeds', path)))
export const fixture = (path: string) => readFileSync(join(root, 'fixtures', 'feeds', path), 'utf8')
export const lines = <T>(text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T)
