import { ref } from 'vue'
import { t } from '../i18n/index.ts'
import { ApiProblem, post } from './api.ts'

/** Sends one command at a time and says in words how it went. */
export function useCommands(after: () => unknown = () => undefined) {
  const busy = ref(false)
  const said = ref('')
  async function command(path: string, version: number, more: Record<string, unknown> = {}) {
    busy.value = true
    said.value = await post(path, { version, ...more }).then(
      () => '',
      (problem: Error) => (problem instanceof ApiProblem && problem.status === 409 ? t('panel.conflict') : problem.message),
    )
    busy.value = false
    await after()
  }
  return { busy, said, command }
}
