import { onScopeDispose, ref } from 'vue'

/** Columns of a wall by its shape: 1 as designed (16:9), 2 with incidents (from 21:9), 3 with people alone (from 3:1), 4 the whole (from 4.5:1). */
export type Columns = 1 | 2 | 3 | 4
const STEPS: [Columns, string][] = [
  [4, '(min-aspect-ratio: 9/2)'],
  [3, '(min-aspect-ratio: 3/1)'],
  [2, '(min-aspect-ratio: 9/4)'],
]

export function useColumns() {
  const queries = STEPS.map(([columns, query]) => ({ columns, list: matchMedia(query) }))
  const now = () => queries.find(({ list }) => list.matches)?.columns ?? 1
  const columns = ref<Columns>(now())
  const change = () => {
    columns.value = now()
  }
  for (const { list } of queries) list.addEventListener('change', change)
  onScopeDispose(() => {
    for (const { list } of queries) list.removeEventListener('change', change)
  })
  return columns
}
