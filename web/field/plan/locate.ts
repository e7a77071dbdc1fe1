export interface Fix {
  lon: number
  lat: number
  /** metres */
  accuracy: number
}
export type Located = { at: Fix } | { at?: undefined; why: 'insecure' | 'denied' }

/** ms: nobody stands before a door waiting for a satellite */
const PATIENCE = 6_000

/** Where the phone is, when it may say so; never asked for in the background. */
export function locate(): Promise<Located> {
  if (!globalThis.isSecureContext || !navigator.geolocation) return Promise.resolve({ why: 'insecure' })
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ at: { lon: coords.longitude, lat: coords.latitude, accuracy: Math.round(coords.accuracy) } }),
      () => done({ why: 'denied' }),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 15_000 },
    )
  })
}
