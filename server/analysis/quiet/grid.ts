/** The two clocks of a silence: the half hour of the day it has come to, and how long it has lasted. */
export const HALF_HOURS = 48
/** Only silences that reach this are looked at: shorter ones are daily life, and there are too many of them, min */
export const FLOOR = 30
/** Where each band of silence begins, min: longer silences are rarer and need wider bands */
export const BANDS = [30, 45, 60, 80, 105, 135, 170, 210, 260, 320, 390, 470, 560, 660, 780, 960, 1200, 1500, 2000] as const
export const BAND_COUNT = BANDS.length
export const CELLS = HALF_HOURS * BAND_COUNT

/** Silence is followed in steps of so many minutes, for two days. */
export const STEP = 10
export const STEPS = 288
/** A silence begins in one of so many steps of the day. */
export const STARTS = 144

/** The band of a silence of so many minutes; -1: below the floor. */
export function bandOf(minutes: number): number {
  let band = BAND_COUNT - 1
  while (band >= 0 && minutes < BANDS[band]!) band -= 1
  return band
}

export const cellOf = (halfHour: number, band: number): number => halfHour * BAND_COUNT + band
