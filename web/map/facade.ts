const SIZE = 32
const FLOOR = 8
const BAY = 8

/** Two tones over a clear ground: a shadow line under each floor and dim windows, RGBA. Windows are never lit: light means alarm here. */
export function facadePattern(): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(SIZE * SIZE * 4)
  const put = (x: number, y: number, shade: number, alpha: number) =>
    data.set([shade * alpha, shade * alpha, shade * alpha, 255 * alpha], (y * SIZE + x) * 4)
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const window = y % FLOOR >= 2 && y % FLOOR <= 5 && x % BAY >= 2 && x % BAY <= 5
      if (y % FLOOR === 0) put(x, y, 0, 0.22)
      else if (window) put(x, y, 10, 0.2)
    }
  }
  return { width: SIZE, height: SIZE, data }
}
