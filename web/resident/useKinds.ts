import { shallowRef, watch } from 'vue'
import type { MatterKind } from '../../shared/matter-kind.ts'
import { get } from '../ui/api.ts'

export interface MyPlaces {
  community: { id: string; name: string } | null
  home: { id: string; label: string } | null
  items: { id: string; kind: string; name: string; lon?: number; lat?: number }[]
}
type Tile = 'parking' | 'repair' | 'complaint' | 'more'

/** Which kinds each tile offers: the register's groups, so that a community that names its own finds them here. */
const GROUPS: Record<Exclude<Tile, 'more'>, readonly string[]> = {
  parking: ['车辆停放'],
  repair: ['水电报修'],
  complaint: ['邻里与投诉', '咨询与服务'],
}
/** beside its group: a car in the fire lane is parked there */
const BESIDE: Partial<Record<Tile, readonly string[]>> = { parking: ['fire-lane'] }

/** The kinds that residents may report, and the places that they may name. */
export function useKinds(when: () => boolean) {
  const kinds = shallowRef<MatterKind[]>([])
  const places = shallowRef<MyPlaces>()
  watch(
    when,
    async (now) => {
      if (!now) return
      const [all, mine] = await Promise.all([get<{ items: MatterKind[] }>('/api/kinds?for=resident'), get<MyPlaces>('/api/my/places')])
      kinds.value = all.items.filter(({ id }) => id !== 'sos')
      places.value = mine
    },
    { immediate: true },
  )
  const inTile = (tile: Exclude<Tile, 'more'>, { id, group }: MatterKind) => GROUPS[tile].includes(group) || BESIDE[tile]?.includes(id)
  const of = (tile: Tile): MatterKind[] =>
    tile === 'more'
      ? kinds.value.filter((kind) => !(['parking', 'repair', 'complaint'] as const).some((other) => inTile(other, kind)))
      : kinds.value.filter((kind) => inTile(tile, kind))
  return { places, of }
}
