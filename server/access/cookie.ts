const NAME = 'linwang_session'

/** The token in a Cookie header; tokens are base64url, so nothing needs decoding. */
export function tokenOf(header: string | undefined): string | undefined {
  const pair = header?.split(';').find((part) => part.trimStart().startsWith(`${NAME}=`))
  return pair?.trim().slice(NAME.length + 1) || undefined
}

/** Set-Cookie: out of reach of scripts and of other sites' forms. `expiresAt` in real ms, null: a year (a wall's link). */
export function sessionCookie(token: string, expiresAt: number | null, options: { now: number; secure: boolean }): string {
  const seconds = expiresAt === null ? 31_536_000 : Math.max(0, Math.floor((expiresAt - options.now) / 1000))
  return [`${NAME}=${token}`, 'Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${seconds}`, ...(options.secure ? ['Secure'] : [])].join('; ')
}

export const noCookie = `${NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`
