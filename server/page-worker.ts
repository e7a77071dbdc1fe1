import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Chunk {
  type: 'chunk'
  fileName: string
  isEntry: boolean
  facadeModuleId: string | null
  imports: readonly string[]
  dynamicImports: readonly string[]
  moduleIds: readonly string[]
  viteMetadata?: { importedCss: Set<string> }
}
type Bundle = Record<string, { type: 'asset'; fileName: string } | Chunk>
interface Emitter {
  emitFile(file: { type: 'asset'; fileName: string; source: string }): string
}

/** What lies beside the page and is needed to install it. */
const BESIDE = ['/field.webmanifest', '/field-192.png', '/icon.svg']

/** Writes sw.js with the names of all files that the field page consists of: those of the entry and of the page itself, fonts excepted. */
export const fieldWorker = () => ({
  name: 'field-worker',
  apply: 'build' as const,
  generateBundle(this: Emitter, _options: unknown, bundle: Bundle) {
    const shell = [...filesOf(bundle).map((file) => `/${file}`), ...BESIDE].sort()
    const source = readFileSync(join(import.meta.dirname, '../web/field/worker/sw.js'), 'utf8')
    const built = createHash('sha1').update(JSON.stringify(shell)).update(source).digest('hex').slice(0, 12)
    const head = `const SHELL = ${JSON.stringify(shell)}\nconst BUILT = ${JSON.stringify(built)}\n`
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: head + source })
  },
})

function filesOf(bundle: Bundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const start = chunks.filter(({ isEntry, facadeModuleId }) => isEntry || isField(facadeModuleId))
  const found = new Set<string>()
  const visit = (chunk: Chunk) => {
    if (found.has(chunk.fileName)) return
    found.add(chunk.fileName)
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css)
    const dynamic = chunk.isEntry ? [] : chunk.dynamicImports
    for (const name of [...chunk.imports, ...dynamic]) {
      const next = bundle[name]
      if (next?.type === 'chunk') visit(next)
    }
  }
  for (const chunk of start) visit(chunk)
  return [...found]
}

const isField = (id: string | null) => id !== null && /\/web\/field\/[^?]*\.vue(\?|$)/.test(id)
