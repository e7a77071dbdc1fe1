import { type MatterKind, matterKindOf } from '../../shared/matter-kind.ts'
import type { World } from '../../shared/world.ts'

/** What the register says of an incident's kind; of an alert's own kind it may say nothing. */
export const matterOf = (world: World, kind: string): MatterKind | undefined => world.matterKind(matterKindOf(kind) ?? kind)

/** The name by which teams and registers know it: burst-pipe, camera.illegal-parking */
export const matterId = (kind: string): string => matterKindOf(kind) ?? kind
