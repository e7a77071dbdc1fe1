import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Place } from '../../shared/place.ts'
import { all } from '../ui/api.ts'

export interface LabelledPlace extends Place {
  /** 12栋 1单元 302 */
  label: string
}

/** The register of places, fetched once for whoever picks one. */
export const usePlaces = defineStore('places', () => {
  const places = shallowRef<LabelledPlace[]>([])
  let asked: Promise<void> | undefined
  function load() {
    asked ??= all<LabelledPlace>('/api/places?limit=1000').then(
      (found) => {
        places.value = found
      },
      (problem: unknown) => {
        asked = undefined
        throw problem
      },
    )
    return asked
  }
  return { places, load }
})
