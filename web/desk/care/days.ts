/** Days of the community as people write them. All times are domain ms, `offset` minutes east of UTC. */
const DAY = 86_400_000

/** YYYY-MM-DD */
export const dayOf = (at: number, offset: number) => new Date(at + offset * 60_000).toISOString().slice(0, 10)
export const midnight = (day: string, offset: number) => Date.parse(`${day}T00:00:00Z`) - offset * 60_000
/** Who comes back on a day is looked after again from its noon: nobody knows the train. */
export const returnOn = (day: string, offset: number) => midnight(day, offset) + DAY / 2
/** Consent holds to the end of its last day. */
export const endOf = (day: string, offset: number) => midnight(day, offset) + DAY
export const lastDayOf = (until: number, offset: number) => dayOf(until - 1, offset)
export const plusDays = (at: number, days: number, offset: number) => dayOf(at + days * DAY, offset)
