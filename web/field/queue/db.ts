/** What the phone remembers between two openings of the page. A browser that keeps nothing still works until the page is closed. */
const NAME = 'linwang-field'
export type Shelf = 'errands' | 'kept'
const KEYS: Record<Shelf, string> = { errands: 'seq', kept: 'key' }

let opened: Promise<IDBDatabase> | undefined
const memory: Record<Shelf, Map<IDBValidKey, unknown>> = { errands: new Map(), kept: new Map() }
let isVolatile = false
/** Whether closing the page would lose what waits. */
export const keepsNothing = () => isVolatile

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((done, fail) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      for (const shelf of Object.keys(KEYS) as Shelf[])
        request.result.createObjectStore(shelf, { keyPath: KEYS[shelf], autoIncrement: shelf === 'errands' })
    }
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
    request.onblocked = () => fail(new Error('blocked'))
  })
  return opened
}

/** One transaction; its promise is kept when the disk has it. */
async function run<T>(
  shelf: Shelf,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T> | undefined,
): Promise<T | undefined> {
  const db = await open()
  return new Promise((done, fail) => {
    const transaction = db.transaction(shelf, mode, { durability: 'strict' })
    const request = act(transaction.objectStore(shelf))
    transaction.oncomplete = () => done(request?.result)
    transaction.onerror = () => fail(transaction.error)
    transaction.onabort = () => fail(transaction.error)
  })
}

async function either<T>(kept: () => Promise<T>, otherwise: () => T): Promise<T> {
  if (isVolatile) return otherwise()
  return kept().catch(() => {
    isVolatile = true
    return otherwise()
  })
}

export const readAll = <T>(shelf: Shelf): Promise<T[]> =>
  either(
    async () => (await run(shelf, 'readonly', (store) => store.getAll() as IDBRequest<T[]>)) ?? [],
    () => [...memory[shelf].values()] as T[],
  )

export const readOne = <T>(shelf: Shelf, key: IDBValidKey): Promise<T | undefined> =>
  either(
    () => run(shelf, 'readonly', (store) => store.get(key) as IDBRequest<T>),
    () => memory[shelf].get(key) as T | undefined,
  )

/** All of it or nothing: what is done and what follows from it belong together. */
export function change(
  shelf: Shelf,
  { put = [], remove = [] }: { put?: readonly object[]; remove?: readonly IDBValidKey[] },
): Promise<void> {
  return either(
    async () => {
      await run(shelf, 'readwrite', (store) => {
        for (const key of remove) store.delete(key)
        for (const value of put) store.put(value)
        return undefined
      })
    },
    () => {
      for (const key of remove) memory[shelf].delete(key)
      for (const value of put) memory[shelf].set((value as Record<string, IDBValidKey>)[KEYS[shelf]]!, value)
    },
  )
}

/** Gives the number under which it lies: two pages of one phone never give the same. */
export const append = (value: object): Promise<number> =>
  either(
    async () => Number(await run('errands', 'readwrite', (store) => store.add(value))),
    () => {
      const seq = Math.max(0, ...[...memory.errands.keys()].map(Number)) + 1
      memory.errands.set(seq, { ...value, seq })
      return seq
    },
  )
