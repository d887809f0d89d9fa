import { parseEmailAddress } from '#shared/email_address'
import type { Reading } from '#imports/problems'

/** Slips of the big mailboxes; only these are questioned, any other domain may exist. */
const SLIPS = new Map(
  Object.entries({
    'gmail.com': 'gmial.com gmai.com gmal.com gamil.com gmil.com gmaill.com gmail.con gmail.cm gnail.com',
    'hotmail.com': 'hotmial.com hotmai.com hotmal.com hotmil.com hotmail.con hotmaill.com',
    'hotmail.fr': 'hotmial.fr hotmai.fr hotmal.fr hotmaill.fr',
    'outlook.fr': 'outlok.fr outllook.fr oultook.fr',
    'outlook.com': 'outlok.com outllook.com oultook.com outlook.con',
    'orange.fr': 'orage.fr orang.fr ornage.fr oragne.fr orange.f',
    'wanadoo.fr': 'wanado.fr wandoo.fr wanadou.fr',
    'yahoo.fr': 'yaho.fr yahou.fr yhaoo.fr',
    'yahoo.com': 'yaho.com yhaoo.com yahoo.con',
    'laposte.net': 'lapost.net',
    'icloud.com': 'iclod.com icould.com icloud.con',
  }).flatMap(([right, wrong]) => wrong.split(' ').map((slip) => [slip, right] as const))
)

/**
 * Reads one strict address, in lower case. Spaces are removed only around `@`: elsewhere
 * closing a space up could make the address of somebody else, who would learn of the debt.
 */
export function readEmail(text: string): Reading<string, 'email_invalid'> {
  const bare = text.replace(/^mailto:/i, '').replace(/ *@ */g, '@')
  const address = parseEmailAddress(bare.toLowerCase())
  if (!address) return { ok: false, code: 'email_invalid' }
  const meant = SLIPS.get(address.slice(address.indexOf('@') + 1))
  return meant ? { ok: false, code: 'email_invalid', hint: meant } : { ok: true, value: address }
}
