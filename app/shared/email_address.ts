/** One mailbox, written `local@domain`, that a mail server can only read as one recipient. */
export type EmailAddress = string & { readonly nature?: 'email address' }

const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i
const TOP_LABEL = /^([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/i

/**
 * Reads one strict address. Mail libraries take `a@x, v@evil` as two recipients
 * and cut `a@x\r\nBcc: v@evil` in two, so what is not plainly one mailbox is
 * refused: no display name, list, comment, quoted part, space, control
 * character, IP literal or letter outside ASCII (a domain in another script is
 * written in its `xn--` form).
 *
 * @returns the address with its domain in lower case, or null
 */
export function parseEmailAddress(text: string): EmailAddress | null {
  if (text.length > 254) return null
  const parts = text.split('@')
  if (parts.length !== 2) return null
  const [local, domain] = parts as [string, string]
  const labels = domain.split('.')
  const valid =
    local.length <= 64 &&
    LOCAL_PART.test(local) &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    TOP_LABEL.test(labels.at(-1)!)
  return valid ? `${local}@${domain.toLowerCase()}` : null
}

/** `c•••@atelier-halles.example`: enough to recognise one's own. */
export function maskedEmail(address: string): string {
  const [local, domain] = address.split('@') as [string, string]
  return `${local[0]}•••@${domain}`
}
