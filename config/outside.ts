import app from '@adonisjs/core/services/app'
import env from '#start/env'

/** How the variables about an outside party are read. */
export type Read = (name: string) => string | undefined

export const read: Read = (name) => (env.get(name) as string | undefined) || undefined

/** Letters, messages, addresses and passwords never travel in clear text to another machine. */
export function address(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const safe = url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))
  if (!safe) throw new Error(`${name} must be an https:// address (http:// on this machine only)`)
  return text.replace(/\/+$/, '')
}

function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** Tests speak to a provider on this machine, or to none: a letter or an SMS is paid for. */
export function outOfTests<T extends { apiBase: string }>(settings: T | null): T | null {
  return app.inTest && settings && !isLoopback(new URL(settings.apiBase)) ? null : settings
}
