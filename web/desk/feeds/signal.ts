/** A signal as GET /api/signals gives it. */
export interface SignalItem {
  id: string
  source: string
  type: string
  subject: string
  time: string
  receivedAt: string
  placeId?: string
  data: Record<string, unknown>
}
