/** A date picker thinks in the browser's time; the community lives in its own. `offset`: minutes east of UTC. */
const shift = (at: number, offset: number) => (offset + new Date(at).getTimezoneOffset()) * 60_000
export const toPicker = (at: number | null, offset: number) => (at === null ? null : at + shift(at, offset))
export const fromPicker = (at: number | null, offset: number) => (at === null ? null : at - shift(at, offset))
