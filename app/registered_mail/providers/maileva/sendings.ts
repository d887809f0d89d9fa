import { objectsIn, textOf, type Json } from '#shared/http'
import { isRefusal, type Refusal } from '#deliveries/drivers/refusal'
import type { MailevaAnswer, MailevaClient } from '#registered_mail/providers/maileva/client'

/** A sending of ours as Maileva lists it. */
export interface Sending {
  id: string
  status: string
  detail: string | null
  createdAt: string
}

const PAGE = 500
const MAX_PAGES = 40

/**
 * Every sending under our `custom_id`. No filter is described for `GET /sendings` (only
 * `start_index`, from 1, and `count`, up to 500), though the API's own words speak of one: it is
 * asked for, and every page is read when it is not obeyed. What it says is
 * compared again here.
 */
export async function sendingsUnder(
  client: MailevaClient,
  api: string,
  customId: string
): Promise<Sending[] | Stop> {
  const ours: Sending[] = []
  let filter: Record<string, string> = { custom_id: customId }
  let read = 0
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { start_index: String(read + 1), count: String(PAGE), ...filter }
    const answer = await client.call({ method: 'GET', path: `${api}/sendings`, query })
    if (answer.kind === 'declined' && answer.status === 400 && filter.custom_id) {
      filter = {}
      continue
    }
    const listed = answer.kind === 'done' && answer.body ? objectsIn(answer.body.sendings) : null
    if (!listed) return stopOf(answer, 'the list of sendings')
    read += listed.length
    ours.push(...listed.filter(({ custom_id: id }) => textOf(id) === customId).map(sendingOf))
    const paging = (answer as { body: Json }).body.paging as Json | undefined
    const total = Number(paging?.total_results ?? Number.NaN)
    const isLast = listed.length === 0 || (Number.isNaN(total) ? listed.length < PAGE : read >= total)
    if (isLast) return ours
  }
  return {
    kind: 'unreachable',
    reason: `more than ${read} sendings to look through: the list is not filtered`,
  }
}

export const sendingOf = (body: Json): Sending => ({
  id: textOf(body.id) ?? '',
  status: textOf(body.status) ?? '',
  detail: textOf(body.status_detail),
  createdAt: textOf(body.creation_date) ?? '',
})

/** Two of ours are never both submitted: everybody takes the one that was submitted, else the first made. */
export const theOne = (sendings: readonly Sending[]): Sending | undefined =>
  [...sendings].sort(
    (one, other) =>
      Number(one.status === 'DRAFT') - Number(other.status === 'DRAFT') ||
      compare(one.createdAt, other.createdAt) ||
      compare(one.id, other.id)
  )[0]

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))

/** Why an attempt goes no further. */
export type Stop = Refusal | { kind: 'withheld' }

export const isStop = (value: object): value is Stop => 'kind' in value

/**
 * Before a letter is submitted nothing has left, so a lost answer is asked for again later.
 *
 * @param ifMissing what a 404 means: our settings, or a draft that another attempt has deleted
 */
export function stopOf(
  answer: MailevaAnswer,
  what: string,
  ifMissing: 'unreachable' | 'temporary' = 'unreachable'
): Stop {
  if (answer.kind === 'withheld') return answer
  if (isRefusal(answer)) {
    const kind = answer.kind === 'unanswered' ? 'temporary' : answer.kind
    return { kind, reason: `${what}: ${answer.reason}` }
  }
  if (answer.kind === 'declined') {
    const kind = answer.status === 404 || answer.status === 405 ? ifMissing : 'permanent'
    return { kind, reason: `${what}: ${answer.said}` }
  }
  return { kind: 'temporary', reason: `${what}: an answer that is not what was asked for` }
}
