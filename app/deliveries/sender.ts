import { appUrl } from '#config/app'
import { mailFrom } from '#config/mail'
import Agency from '#agency/models/agency'
import type { Sender } from '#deliveries/message'

/** Who emails come from: MAIL_FROM, else the agency, else this address until the first run is done. */
export async function currentSender(): Promise<Sender> {
  const agency = await Agency.current()
  const written = mailFrom === null ? null : senderFrom(mailFrom)
  return {
    name: (written?.name || agency?.name) ?? 'Amiable',
    address: written?.address ?? agency?.email ?? `no-reply@${new URL(appUrl).hostname}`,
  }
}

/** Reads `Name <address>` or an address alone. */
export function senderFrom(text: string): Sender {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>\s]+)>\s*$/.exec(text)
  return named ? { name: named[1]!, address: named[2]! } : { name: '', address: text.trim() }
}
