/** alert-17 → 17: the key of its row. */
export const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1))
