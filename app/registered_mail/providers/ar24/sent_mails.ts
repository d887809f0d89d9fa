import { addDays } from '#shared/calendar'
import { civilDateAt, clock, machineNow, type CivilDate } from '#shared/clock'
import { textOf, type Json } from '#shared/http'
import type { PostalOrder } from '#registered_mail/providers/provider'
import { isRefusal, type Refusal } from '#deliveries/drivers/refusal'
import { listIn, reasonOf, type Ar24Client } from '#registered_mail/providers/ar24/client'
import { instantIn } from '#registered_mail/providers/ar24/statuses'

const PAGE = 50
const MOST_PAGES = 40
/** A letter is given up long before. */
const LOOKED_BACK_DAYS = 15

/**
 * AR24's id of the letter that was sent before under this reference to this address; null when none was. Its list is
 * asked for with the newest first, and read until it is over when it does not come in that order.
 *
 * @returns a refusal when the list could not be read to its end: no answer is never taken for "none"
 */
export async function sentBefore(
  client: Ar24Client,
  userId: string,
  { reference, email }: Pick<PostalOrder, 'reference' | 'email'>
): Promise<string | null | Refusal> {
  const oldest = addDays(civilDateAt(earlierOf(clock.now(), machineNow())), -LOOKED_BACK_DAYS)
  const seen = new Set<string>()
  for (let page = 0; page < MOST_PAGES; page++) {
    const fields = { id_user: userId, max: String(PAGE), start: String(seen.size), sort: 'DESC' }
    const answer = await client.call({ method: 'GET', path: '/user/mail', fields })
    if (isRefusal(answer)) return answer
    const mails = answer.kind === 'done' ? listIn(answer.result) : null
    if (!mails)
      return { kind: 'unreachable', reason: `the letters sent cannot be listed: ${reasonOf(answer)}` }
    const found = mails.find((mail) => isThisOne(mail, reference, email))
    if (found) return textOf(found.id)
    const fresh = mails.flatMap(({ id }) => textOf(id) ?? []).filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    if (fresh.length === 0 || endsBefore(mails, oldest)) return null
  }
  return { kind: 'unreachable', reason: 'too many letters to look through at AR24' }
}

const isThisOne = (mail: Json, reference: string, email: string | null) =>
  textOf(mail.ref_dossier) === reference &&
  textOf(mail.to_email)?.toLowerCase() === email?.toLowerCase() &&
  textOf(mail.id) !== null

/** Whether a page goes from the newest to the oldest, and past a day. */
function endsBefore(mails: readonly Json[], oldest: CivilDate): boolean {
  const ids = mails.map(({ id }) => Number(id))
  const last = instantIn(mails.at(-1)?.date)
  return (
    ids.every((id, index) => index === 0 || id < ids[index - 1]!) &&
    last !== null &&
    civilDateAt(last) < oldest
  )
}

const earlierOf = (one: string, other: string) => (one < other ? one : other)
