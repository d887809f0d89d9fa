import { appUrl } from '#config/app'
import { mailFrom } from '#config/mail'
import Agency from '#agency/models/agency'
import type { Sender } from '#deliveries/message'

/**
 * Who emails come from: MAIL_FROM, else the agency, else this address until the first run is
 * done. Answers always go to the agency, which many of them ask for.
 */
export async function currentSender(): Promise<Sender> {
  return senderOf(await Agency.current(), mailFrom)
}

export function senderOf(agency: Pick<Agency, 'name' | 'email'> | null, from: string | null): Sender {
  const written = from === null ? null : senderFrom(from)
  const address = written?.address ?? agency?.email ?? `no-reply@${new URL(appUrl).hostname}`
  const replyTo = agency?.email && agency.email !== address ? agency.email : null
  return { name: (written?.name || agency?.name) ?? 'Amiable', address, replyTo }
}

/** Reads `Name <address>` or an address alone. */
export function senderFrom(text: string): Omit<Sender, 'replyTo'> {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>\s]+)>\s*$/.exec(text)
  return named ? { name: named[1]!, address: named[2]! } : { name: '', address: text.trim() }
}
