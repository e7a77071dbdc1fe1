/** For one act, however often it is sent. `crypto.randomUUID` needs a secure origin, which an intranet address is not. */
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
