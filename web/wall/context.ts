import { type ComputedRef, computed, type InjectionKey, inject, type Ref } from 'vue'
import type { WallState } from '../../shared/wall.ts'
import type { Target } from '../ui/pick.ts'

/** What every part of the wall reads. A slice changes only when its part of the state does, so a patch repaints what it touched. */
export interface WallContext {
  slice<K extends keyof WallState>(key: K): ComputedRef<WallState[K]>
  /** domain time, ms, moved on once a second */
  now: Readonly<Ref<number>>
  offset: ComputedRef<number>
  pick(target: Target): void
  picked: Readonly<Ref<Target | null>>
}

const KEY: InjectionKey<WallContext> = Symbol('wall')
export const wallKey = KEY

export function slicer(state: Readonly<Ref<WallState | null>>): WallContext['slice'] {
  const slices = new Map<keyof WallState, ComputedRef<unknown>>()
  return (key) => {
    if (!slices.has(key))
      slices.set(
        key,
        computed(() => state.value![key]),
      )
    return slices.get(key) as ComputedRef<WallState[typeof key]>
  }
}

export function useWall(): WallContext {
  const wall = inject(KEY)
  if (!wall) throw new Error('A part of the wall stands outside Wall.vue')
  return wall
}
