import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MatterKind } from '../../shared/matter-kind.ts'
import type { World } from '../../shared/world.ts'
import { readTable } from './rows.ts'

/** What a community reports where nobody has imported a list of its own: see docs/reports.md. */
const SHIPPED = join(import.meta.dirname, '../../fixtures/registers/matter-kinds.csv')

export function createKinds(imported: readonly MatterKind[] | undefined): Pick<World, 'matterKind' | 'matterKinds'> {
  const kinds = imported && imported.length > 0 ? imported : shippedKinds()
  const byId = new Map(kinds.map((kind) => [kind.id, kind]))
  return { matterKind: (id) => byId.get(id), matterKinds: () => kinds }
}

let shipped: MatterKind[] | undefined
function shippedKinds(): readonly MatterKind[] {
  shipped ??= readTable('matterKinds', new Uint8Array(readFileSync(SHIPPED)), ({ row, column, problem }) => {
    throw new Error(`matter-kinds.csv row ${row} ${column} ${problem}`)
  }).map(({ value }) => value as unknown as MatterKind)
  return shipped
}
