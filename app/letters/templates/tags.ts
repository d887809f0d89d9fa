import { inGroupsOfFour } from '#shared/creditor_reference'
import { phoneText, sirenText } from '#shared/french'
import { addressBlock } from '#letters/address_block'
import { BLOCKS, type Block, type BlockName } from '#letters/templates/blocks'
import type { TemplateChannel } from '#letters/templates/channels'
import { isLetterChannel, isPlainChannel } from '#letters/templates/channels'
import type { TagContext } from '#letters/templates/context'
import { ratesText } from '#letters/templates/language'
import { nameOf, oneLine } from '#letters/templates/parts'

/** How the page of tags and the picker sort them. */
export const TAG_GROUPS = [
  'sums',
  'letter',
  'law',
  'payment',
  'debtor',
  'creditor',
  'agency',
  'user',
] as const
export type TagGroup = (typeof TAG_GROUPS)[number]

/**
 * One `#hashtag` (D3). Its meaning is `templates.tags.<name>` in the language
 * files, its example its own value for the sample file.
 *
 * text: words · amount: a sum of money · link: an address · block: a table or
 * a section, alone in its paragraph.
 */
export type Tag = { name: string; group: TagGroup } & (
  | {
      kind: 'text' | 'amount' | 'link'
      /** null when the file has none: the letter is then refused, unless the tag may be empty. */
      value(context: TagContext): string | null
      mayBeEmpty?: boolean
    }
  | { kind: 'block'; block: Block }
)

type Value = (context: TagContext) => string | null

const text = (group: TagGroup, value: Value) => ({ group, kind: 'text' as const, value })
const optional = (group: TagGroup, value: Value) => ({ ...text(group, value), mayBeEmpty: true })
const amount = (group: TagGroup, value: Value) => ({ group, kind: 'amount' as const, value })
const link = (group: TagGroup, value: Value) => ({ group, kind: 'link' as const, value })
const block = (group: TagGroup, name: BlockName) => ({ group, kind: 'block' as const, block: BLOCKS[name] })

const DEFINED = {
  items_list: block('sums', 'items_list'),
  balance_split: block('sums', 'balance_split'),
  account_statement: block('sums', 'account_statement'),
  interest_detail: block('sums', 'interest_detail'),
  total_due: amount('sums', ({ content, speech }) => speech.euros(content.demand.totalCents)),
  overdue_amount: amount('sums', ({ content, speech }) => speech.euros(content.demand.principalCents)),
  interest_amount: amount('sums', ({ content, speech }) => speech.euros(content.demand.interestCents)),
  daily_interest: amount('sums', ({ content, speech }) => speech.euros(content.demand.dailyCents ?? 0)),
  late_penalty_rate: text('sums', ({ content: { demand }, speech }) =>
    demand.rates.length > 0 ? ratesText(demand.rates, speech) : speech.words.rate.legal
  ),
  invoice_numbers: text('sums', ({ content }) =>
    content.demand.invoices.map(({ number }) => number).join(', ')
  ),

  letter_reference: text('letter', ({ content }) => content.ref),
  letter_date: text('letter', ({ content, speech }) => speech.longDate(content.datedOn)),
  file_reference: text('letter', ({ content }) => content.claimRef),
  deadline: text('letter', ({ content, speech }) => speech.longDate(content.deadlineOn)),
  first_letter_recall: optional('letter', ({ content: { firstLetter }, speech }) =>
    firstLetter ? speech.words.recall(firstLetter.ref, speech.longDate(firstLetter.datedOn)) : null
  ),
  first_letter_reference: text('letter', ({ content }) => content.firstLetter?.ref ?? null),
  first_letter_date: text('letter', ({ content: { firstLetter }, speech }) =>
    firstLetter ? speech.longDate(firstLetter.datedOn) : null
  ),
  documents_links: block('letter', 'documents_links'),
  signature: block('letter', 'signature'),

  activity_statement: text('law', ({ speech }) => speech.words.activity),
  l111_8: block('law', 'l111_8'),
  privacy_notice: block('law', 'privacy_notice'),
  mandate: text('law', ({ content, speech }) =>
    speech.words.mandateOf(speech.longDate(content.mandateSignedOn))
  ),

  payment_means: block('payment', 'payment_means'),
  payment_link: link('payment', ({ content }) => content.payment.portalUrl),
  portal_link: link('payment', ({ content }) => content.payment.portalUrl),
  payment_qr: block('payment', 'payment_qr'),
  iban: text('payment', ({ content }) => inGroupsOfFour(content.payment.iban)),
  bic: text('payment', ({ content }) => content.payment.bic),
  payment_reference: text('payment', ({ content }) => inGroupsOfFour(content.payment.reference)),

  salutation: text('debtor', ({ content, speech }) =>
    speech.language === 'fr' ? (content.debtor.civility ?? speech.words.salutation) : speech.words.salutation
  ),
  debtor_name: text('debtor', ({ content: { debtor } }) => debtor.companyName ?? debtor.fullName),
  debtor_contact: optional('debtor', ({ content: { debtor } }) =>
    debtor.fullName ? [debtor.civility, debtor.fullName].filter(Boolean).join(' ') : null
  ),
  debtor_company: optional('debtor', ({ content }) => content.debtor.companyName),
  debtor_address: text('debtor', ({ content }) => oneLine(addressBlock(content.debtor).lines)),
  debtor_siren: text('debtor', ({ facts }) => sirenText(facts.debtor.siren) || null),
  debtor_email: text('debtor', ({ facts }) => facts.debtor.email),
  debtor_mobile: text('debtor', ({ facts }) => phoneText(facts.debtor.mobile) || null),
  debtor_phone: text('debtor', ({ facts }) => phoneText(facts.debtor.phone) || null),

  creditor_name: text('creditor', ({ content }) => nameOf(content.creditor)),
  creditor_address: text('creditor', ({ content }) => oneLine(content.creditor.addressLines)),
  creditor_reference: text('creditor', ({ facts }) => facts.creditor.ref),
  creditor_siren: text('creditor', ({ facts }) => sirenText(facts.creditor.siren) || null),
  creditor_email: text('creditor', ({ facts }) => facts.creditor.email),

  agency_name: text('agency', ({ content }) => content.agency.name),
  agency_address: text('agency', ({ content }) => oneLine(content.agency.addressLines)),
  agency_email: text('agency', ({ content }) => content.agency.email),
  agency_phone: text('agency', ({ content }) => phoneText(content.agency.phone) || null),
  agency_siren: text('agency', ({ content }) => sirenText(content.agency.siren) || null),
  logo: block('agency', 'logo'),

  user_name: text('user', ({ facts, content }) => facts.writer?.name ?? content.agency.signatoryName),
  user_email: text('user', ({ facts, content }) => facts.writer?.email ?? content.agency.email),
  user_phone: text('user', ({ content }) => phoneText(content.agency.phone) || null),
} as const satisfies Record<string, Omit<Tag, 'name'>>

export type TagName = keyof typeof DEFINED

/** Every tag there is: the only list, from which the picker and the page of tags are made. */
export const TAGS: readonly Tag[] = Object.entries(DEFINED).map(([name, tag]) => ({ name, ...tag }) as Tag)

const BY_NAME = new Map(TAGS.map((tag) => [tag.name, tag]))

export const tagNamed = (name: string): Tag | null => BY_NAME.get(name) ?? null

/** Blocks need room; an image or a code to scan needs paper. */
export function mayStandIn(tag: Tag, channel: TemplateChannel): boolean {
  if (tag.kind !== 'block') return true
  return isLetterChannel(channel) || (!isPlainChannel(channel) && tag.block.plain !== undefined)
}

/** The known tag most like a word, when one is. */
export function nearestTag(word: string): string | null {
  const [best] = TAGS.map(({ name }) => ({ name, distance: distanceBetween(word, name) })).toSorted(
    (a, b) => a.distance - b.distance
  )
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : null
}

/** Levenshtein's. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
