import env from '#start/env'
import type { SmtpSettings } from '#deliveries/drivers/smtp'

/** Who emails come from, `Name <address>` or an address; the agency's own when unset. */
export const mailFrom = env.get('MAIL_FROM') ?? null

/** Null: nothing leaves, emails wait; in development and tests the back-office mailbox keeps them. */
export const smtpSettings = settingsFrom(env.get('SMTP_URL'))

/**
 * Reads `smtp[s]://[user:password@]host[:port]`. A password never travels in
 * clear text to another machine: TLS is then required.
 *
 * @throws when it is written otherwise
 */
export function settingsFrom(text: string | undefined): SmtpSettings | null {
  if (!text) return null
  const { url, credentials } = parsed(text)
  const secure = url.protocol === 'smtps:'
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTls: !secure && Boolean(url.username) && !loopback,
    anyCertificate: loopback,
    credentials,
  }
}

/** @throws without repeating the text, which holds a password */
function parsed(text: string) {
  try {
    const url = new URL(text)
    if (!['smtp:', 'smtps:'].includes(url.protocol) || !url.hostname) throw new TypeError()
    const [user, pass] = [url.username, url.password].map(decodeURIComponent) as [string, string]
    return { url, credentials: user ? { user, pass } : null }
  } catch {
    throw new Error(
      'SMTP_URL is not like smtp://user:password@host:587 (in a user or password, % is written %25, @ %40, / %2F)'
    )
  }
}
