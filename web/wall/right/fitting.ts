/** How many of the heights, one below the other, stand whole within the room. */
export function fitting(heights: Iterable<number>, room: number): number {
  let used = 0
  let count = 0
  for (const height of heights) {
    used += height
    if (used > room) break
    count++
  }
  return count
}
