import { sum } from '#shared/money'
import type { Markup } from '#letters/rendering/markup'
import { L111_8_PARAGRAPHS } from '#letters/l111_8'
import type { LetterContent } from '#letters/letter_content'
import { speechOf, type Speech } from '#letters/templates/language'

/** The mentions a letter lacks. It is then neither printed nor sent. */
export class MissingMentions extends Error {
  override name = 'MissingMentions'

  constructor(
    readonly ref: string,
    readonly missing: string[]
  ) {
    super(`letter ${ref} lacks: ${missing.join(', ')}`)
  }
}

/**
 * Checks on the finished letter, not on its template, that it bears everything
 * CPCE R124-4 demands, that its amounts sum, and that it asks a consumer for
 * nothing the law forbids.
 *
 * @throws MissingMentions naming each
 */
export function assertMentions(content: LetterContent, body: Markup, speech: Speech = speechOf('fr')) {
  const text = plainText(body)
  const flat = flattened(text)
  const missing = Object.entries(mentionsOf(content, speech))
    .filter(([, texts]) => texts.some((wanted) => !wanted || !flat.includes(flattened(wanted))))
    .map(([name]) => name)
  if (!L111_8_PARAGRAPHS.every((paragraph) => text.includes(paragraph))) missing.push('article L111-8')
  missing.push(...wrongAmounts(content))
  if (content.debtor.kind === 'b2c') missing.push(...forbiddenToConsumers(content, flat))
  if (missing.length > 0) throw new MissingMentions(content.ref, missing)
}

/** What R124-4 asks for, and the words that carry it. */
function mentionsOf(content: LetterContent, speech: Speech): Record<string, string[]> {
  const { date, longDate, euros, decimal } = speech
  const { mentions } = speech.words
  const { agency, creditor, demand, payment } = content
  return {
    'the name of the agency': [agency.name],
    'the address of the agency': nonEmpty(agency.addressLines),
    'the statement of its activity': ['activité de recouvrement amiable'],
    'the name of the creditor': [creditor.name],
    'the address of the creditor': nonEmpty(creditor.addressLines),
    'the mandate': [longDate(content.mandateSignedOn)],
    'the basis of the claim': nonEmpty(demand.invoices.map(({ number }) => number)),
    'the principal': [mentions.principal, euros(demand.principalCents)],
    'the interest': [mentions.interest, euros(demand.interestCents)],
    'the indemnity': demand.indemnityCents > 0 ? [mentions.indemnity, euros(demand.indemnityCents)] : [],
    'the total': [mentions.total, euros(demand.totalCents)],
    'the day of the account': [longDate(content.datedOn)],
    'the demand to pay': [mentions.demand, longDate(content.deadlineOn)],
    'the ways to pay': [
      payment.iban.replace(/(.{4})(?=.)/g, '$1 '),
      payment.portalUrl.replace(/^https?:\/\//, ''),
    ],
    'the reference of the letter': [content.ref, content.claimRef],
    'the reference of the first letter': content.firstLetter
      ? [content.firstLetter.ref, longDate(content.firstLetter.datedOn)]
      : [],
    'the amount of each invoice': demand.invoices.map(({ principalCents }) => decimal(principalCents)),
    'the due date of each invoice': demand.invoices.map(({ dueOn }) => date(dueOn)),
  }
}

/** Rule 8: the lines sum exactly, and the invoices sum to the lines. */
function wrongAmounts({ demand }: LetterContent): string[] {
  const { principalCents, interestCents, indemnityCents, totalCents, invoices } = demand
  const wrong: string[] = []
  if (sum([principalCents, interestCents, indemnityCents]) !== totalCents) wrong.push('a total that sums')
  if (sum(invoices.map((invoice) => invoice.principalCents)) !== principalCents) {
    wrong.push('a principal that sums')
  }
  if (sum(invoices.map((invoice) => invoice.interestCents)) !== interestCents) {
    wrong.push('interest that sums')
  }
  if (totalCents <= 0) wrong.push('a sum due')
  return wrong
}

/** Rule 10: neither the indemnity of 40 € nor the interest of L441-10. */
function forbiddenToConsumers({ demand }: LetterContent, text: string): string[] {
  const wrong: string[] = []
  if (demand.indemnityCents !== 0 || text.includes('D441-5')) wrong.push('no indemnity for a consumer')
  if (demand.regime === 'late_payment' || text.includes('L441-10')) {
    wrong.push('no commercial interest for a consumer')
  }
  return wrong
}

/** The text as read, without tags. */
export function plainText({ text }: Markup): string {
  return text
    .replace(/<(style|svg)\b[^]*?<\/\1>/g, ' ')
    .replace(/<br>|<\/(?:p|dd|dt|td|th|h\d|span|tr|div)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: keyof typeof CHARACTERS) => CHARACTERS[name])
}

const CHARACTERS = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** Spaces of every kind, and the raised letters of `1er`, compare alike. */
const flattened = (text: string) => text.replace(/\s+/g, ' ').trim()

/** An empty list is a missing mention, not one that is satisfied. */
const nonEmpty = (texts: string[]) => (texts.length > 0 ? texts : [''])
