import { ref, shallowRef } from 'vue'
import type { MatterKind } from '../../../shared/matter-kind.ts'
import { get } from '../../ui/api.ts'

/** The register of what people report. */
export function useKinds() {
  const kinds = shallowRef<MatterKind[]>([])
  const failed = ref('')
  void get<{ items: MatterKind[] }>('/api/kinds').then(
    ({ items }) => {
      kinds.value = items
    },
    (problem: Error) => {
      failed.value = problem.message
    },
  )
  return { kinds, failed }
}
