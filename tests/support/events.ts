/** CloudEvents as senders make them; ids are random unless given. */
export interface EventOptions {
  id?: string
  source?: string
  subject: string
  type: string
  time?: string
  status?: 'actual' | 'exercise' | 'test'
  data: Record<string, unknown>
}

export const cloudEvent = (options: EventOptions) => ({
  specversion: '1.0',
  id: options.id ?? crypto.randomUUID(),
  source: options.source ?? '/feeds/bench',
  subject: options.subject,
  type: options.type,
  time: options.time ?? new Date().toISOString(),
  ...(options.status ? { status: options.status } : {}),
  datacontenttype: 'application/json',
  data: options.data,
})

export const help = (subject: string, more: Partial<EventOptions> = {}) => cloudEvent({ subject, type: 'linwang.help', data: {}, ...more })
export const motion = (subject: string, occupied = true, more: Partial<EventOptions> = {}) =>
  cloudEvent({ subject, type: 'linwang.motion', data: { occupied }, ...more })
export const passage = (subject: string, more: Partial<EventOptions> = {}) =>
  cloudEvent({ subject, type: 'linwang.passage', data: { direction: 'in', granted: true, credential: 'card' }, ...more })

/** Posts one event or an array of them; the answer with its status. */
export async function post(
  url: string,
  key: string,
  events: unknown,
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const batch = Array.isArray(events)
  const response = await fetch(`${url}/feeds/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': `application/cloudevents${batch ? '-batch' : ''}+json` },
    body: JSON.stringify(events),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, headers: response.headers }
}
