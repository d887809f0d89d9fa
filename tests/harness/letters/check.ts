import { L111_8_PARAGRAPHS } from '#letters/l111_8'
import { speechOf, type Language } from '#letters/templates/language'
import type { ReadPage } from '#tests/harness/letters/readers'

/** What the ledger says that a letter asks for, and who it names. */
export interface Expected {
  ref: string
  claimRef: string
  language: Language
  kind: 'b2b' | 'b2c'
  agency: { name: string; addressLines: string[] }
  creditor: { name: string; addressLines: string[] }
  mandateSignedOn: string
  datedOn: string
  iban: string
  postcode: string
  city: string
  totalCents: number
  /** What each demanded invoice still owes in principal, by the sum of its postings. */
  principals: Map<string, number>
  /** The fixed indemnity of late business invoices. */
  indemnityCents: number
}

const WINDOW = { left: 110, top: 55, right: 195, bottom: 88 }
const AMOUNT = { fr: String.raw`\d{1,3}(?: \d{3})*,\d\d`, en: String.raw`\d{1,3}(?:,\d{3})*\.\d\d` }
const DAY = String.raw`\d\d/\d\d/\d{4}`

/** Everything wrong with a printed letter, in words. */
export function problemsOf(pages: ReadPage[], expected: Expected): string[] {
  const lines = pages.flatMap((page) => page.lines.filter((line) => !/\bpage \d+ \/ \d+$/.test(line)))
  const text = flat(lines.join(' '))
  const problems = [
    ...missingMentions(text, expected),
    ...wrongSums(lines.map(flat), expected),
    ...wrongWindow(pages[0]!, expected),
    ...wrongFeet(pages, expected),
  ]
  for (const [index, paragraph] of L111_8_PARAGRAPHS.entries()) {
    if (!text.includes(paragraph)) problems.push(`L111-8, paragraph ${index + 2}, is not there byte for byte`)
  }
  return problems.map((problem) => `${expected.ref}: ${problem}`)
}

/** A break of line, and the narrow spaces of sums, are spaces. */
const flat = (text: string) => text.replace(/\s+/g, ' ').trim()

/** R124-4. */
function missingMentions(text: string, expected: Expected): string[] {
  const { longDate } = speechOf(expected.language)
  const closed = text.replaceAll(' ', '')
  const wanted: [string, string[]][] = [
    ['the agency', [expected.agency.name, ...expected.agency.addressLines]],
    ['its activity', ['activité de recouvrement amiable']],
    ['the creditor', [expected.creditor.name, ...expected.creditor.addressLines]],
    ['the mandate', [longDate(expected.mandateSignedOn)]],
    ['the basis', [...expected.principals.keys()]],
    ['the account', [longDate(expected.datedOn), expected.iban]],
    ['the references', [expected.ref, expected.claimRef]],
    [
      'the demand',
      [expected.language === 'fr' ? 'mettons en demeure de régler cette somme' : 'formal notice to pay'],
    ],
  ]
  const missing = wanted.flatMap(([name, texts]) =>
    texts.filter((one) => !closed.includes(one.replace(/\s/g, ''))).map((one) => `lacks ${name} (${one})`)
  )
  if (expected.kind === 'b2c' && /L441-10|D441-5/.test(text))
    missing.push('asks a consumer for what the law forbids')
  return missing
}

/** Rule 8: rows, columns, lines and total agree with one another and with the ledger. */
function wrongSums(lines: string[], expected: Expected): string[] {
  const amount = AMOUNT[expected.language]
  const row = new RegExp(`(${DAY}) (${DAY}) (${amount}) (${amount}) (${amount}) (\\d+) (${amount})$`)
  const rows = lines.flatMap((line) => {
    const found = row.exec(line)
    if (!found) return []
    const [total, paid, due, interest] = [3, 4, 5, 7].map((group) => cents(found[group]!))
    return [{ total: total!, paid: paid!, due: due!, interest: interest! }]
  })
  const sumOf = (column: 'total' | 'paid' | 'due' | 'interest') =>
    rows.reduce((sum, one) => sum + one[column], 0)
  const [principal, interest, indemnity, total] = [
    /^Principal (?:TTC|incl\. VAT)/,
    /^(?:Intérêts de retard|Late-payment interest)/,
    /^(?:Indemnité|Fixed compensation)/,
    /^Total (?!, in euros|en euros)/,
  ].map((name) => lineOf(lines, name, amount))
  const ledger = [...expected.principals.values()].reduce((sum, one) => sum + one, 0)
  const checks: [string, number, number][] = [
    ['rows that still owe', rows.filter(({ due }) => due > 0).length, expected.principals.size],
    ['the rows’ principal against the ledger', sumOf('due'), ledger],
    ['amount less deductions', sumOf('total') - sumOf('paid'), sumOf('due')],
    ['the line of principal', principal!, ledger],
    ['the line of interest', interest!, sumOf('interest')],
    ['the line of indemnity', indemnity!, expected.indemnityCents],
    ['the total of the lines', total!, principal! + interest! + indemnity!],
    ['the total kept', total!, expected.totalCents],
  ]
  return checks
    .filter(([, found, wanted]) => found !== wanted)
    .map(([name, found, wanted]) => `${name}: ${found}, not ${wanted}`)
}

const cents = (text: string) => Number(text.replace(/\D/g, ''))

/** The sum at the end of the line of that name; 0 when there is none. */
function lineOf(lines: string[], name: RegExp, amount: string): number {
  const ends = new RegExp(`(?:^| )€?(${amount})(?: €)?$`)
  const line = lines.find((one) => name.test(one) && ends.test(one))
  return line ? cents(ends.exec(line)![1]!) : 0
}

/** Rule 56, and La Poste's window: nothing of the block is outside it, and nothing else is in it. */
function wrongWindow({ words }: ReadPage, { postcode, city }: Expected): string[] {
  const touches = words.filter(
    ({ left, top, right, bottom }) =>
      right > WINDOW.left && left < WINDOW.right && bottom > WINDOW.top && top < WINDOW.bottom
  )
  const problems: string[] = []
  const inside = touches.filter(
    ({ left, top, right, bottom }) =>
      left >= WINDOW.left && right <= WINDOW.right && top >= WINDOW.top && bottom <= WINDOW.bottom
  )
  if (inside.length !== touches.length) problems.push('a word crosses the border of the window')
  const lines = Map.groupBy(inside, ({ top }) => Math.round(top * 2))
  const texts = [...lines.values()].map((line) => line.map(({ text }) => text).join(' '))
  if (texts.length < 3 || texts.length > 6) problems.push(`${texts.length} lines of address`)
  for (const text of texts)
    if (text.length > 38) problems.push(`a line of address of ${text.length}: ${text}`)
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replace(/[^\p{L}\d]/gu, '')
      .toUpperCase()
  if (!plain(texts.join('')).includes(plain(`${postcode}${city}`)))
    problems.push(`no ${postcode} ${city} in the window`)
  return problems
}

function wrongFeet(pages: ReadPage[], { ref }: Expected): string[] {
  return pages.flatMap(({ lines }, index) => {
    const foot = lines.find((line) => /\bpage \d+ \/ \d+$/.test(line))
    const right = foot?.endsWith(`page ${index + 1} / ${pages.length}`) && foot.includes(ref)
    return right ? [] : [`page ${index + 1}: the foot is ${foot ?? 'missing'}`]
  })
}
