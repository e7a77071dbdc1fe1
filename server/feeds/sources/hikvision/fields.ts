/** One look into what a device sent, whether it came as XML (leaves are texts) or as JSON (numbers and booleans too). */
export type Tree = unknown

const LONGEST = 512

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The children along a path; of lists all members. */
export function listAt(tree: Tree, ...path: string[]): unknown[] {
  let here: unknown[] = [tree]
  for (const name of path) {
    here = here.flatMap((one) => {
      const child = isObject(one) && Object.hasOwn(one, name) ? one[name] : undefined
      return child === undefined || child === null ? [] : Array.isArray(child) ? child : [child]
    })
  }
  return here
}

/** The text at a path, of the first that has one; undefined when there is none or it is empty. */
export function textAt(tree: Tree, ...path: string[]): string | undefined {
  for (const value of listAt(tree, ...path)) {
    const plain = isObject(value) ? value['#text'] : value
    const text = typeof plain === 'string' ? plain.trim() : typeof plain === 'number' || typeof plain === 'boolean' ? `${plain}` : ''
    if (text !== '') return text.slice(0, LONGEST)
  }
  return undefined
}

export function numberAt(tree: Tree, ...path: string[]): number | undefined {
  const text = textAt(tree, ...path)
  const value = text === undefined ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

export const hasAt = (tree: Tree, name: string): boolean => isObject(tree) && Object.hasOwn(tree, name)
