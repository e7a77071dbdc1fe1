/** What of a broker is neither ours nor an outside one's alone: to speak, and to hear what is no signal. */
export interface Bus {
  /** resolves when the broker has it (QoS 1) */
  publish(topic: string, payload: string): Promise<void>
  /** answers how to end it */
  subscribe(topic: string, take: (topic: string, payload: string) => void): Promise<() => Promise<void>>
}
