/** The token of a kiosk link (`/wall?token=…`): a wall that nobody signs in at. */
export const kioskToken = (address: string = location.search): string | undefined => new URLSearchParams(address).get('token') ?? undefined
