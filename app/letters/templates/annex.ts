import { sum } from '#shared/money'
import { L111_8_PARAGRAPHS } from '#letters/l111_8'
import type { DemandedInvoice, LetterContent } from '#letters/letter_content'
import { markup, type Markup } from '#letters/rendering/markup'
import { ratesText, speechOf, type Speech } from '#letters/templates/language'

const FRENCH = speechOf('fr')

/** Second page on: the invoices, how interest is computed, the law, the debtor's rights and data. */
export function annex(content: LetterContent): Markup {
  return markup`<div class="letter-annex">
<h2>Annexe. Détail de la somme demandée</h2>
${invoiceTable(content.demand.invoices)}
${interest(content)}
${law()}
${rights(content)}
${privacy(content)}
</div>`
}

export function invoiceTable(invoices: DemandedInvoice[], speech: Speech = FRENCH): Markup {
  const { items } = speech.words
  const total = (amount: (invoice: DemandedInvoice) => number) => speech.decimal(sum(invoices.map(amount)))
  return markup`<table class="letter-invoices">
<thead><tr><th scope="col" class="wide">${items.invoice}</th><th scope="col">${items.service}</th><th scope="col">${items.issuedOn}</th><th scope="col">${items.dueOn}</th><th scope="col" class="num">${items.amount}</th><th scope="col" class="num">${items.paid}</th><th scope="col" class="num">${items.due}</th><th scope="col" class="num">${items.days}</th><th scope="col" class="num">${items.interest}</th></tr></thead>
<tbody>
${invoices.map((invoice) => invoiceRow(invoice, speech))}
</tbody>
<tfoot><tr><th scope="row" colspan="4">${items.total}</th><td class="num">${total((invoice) => invoice.amountCents)}</td><td class="num">${total((invoice) => invoice.paidCents)}</td><td class="num">${total((invoice) => invoice.principalCents)}</td><td></td><td class="num">${total((invoice) => invoice.interestCents)}</td></tr></tfoot>
</table>`
}

const invoiceRow = (invoice: DemandedInvoice, { date, decimal }: Speech) =>
  markup`<tr><th scope="row">${invoice.number}</th><td>${invoice.description}</td><td class="n">${date(invoice.issuedOn)}</td><td class="n">${date(invoice.dueOn)}</td><td class="num">${decimal(invoice.amountCents)}</td><td class="num">${decimal(invoice.paidCents)}</td><td class="num">${decimal(invoice.principalCents)}</td><td class="num">${invoice.interestDays}</td><td class="num">${decimal(invoice.interestCents)}</td></tr>
`

export const interest = (content: LetterContent, speech: Speech = FRENCH): Markup =>
  section(speech.words.interest.title, interestText(content, speech))

/** At which rates, from when and what each more day adds. */
export function interestText({ demand, datedOn }: LetterContent, speech: Speech): string {
  const { rates, regime, dailyCents, dayCount, isContractual } = demand
  const { interest: words } = speech.words
  const daily = dailyCents ? words.daily(speech.euros(dailyCents)) : ''
  if (regime === 'late_payment') {
    const rate = words[isContractual ? 'contractual' : 'statutory']
    return (
      words.latePayment(speech.date(datedOn), words.years[dayCount], rate, ratesText(rates, speech)) + daily
    )
  }
  if (rates.length === 0) return words.none(words.legal)
  return words.at(words.legal, words.years[dayCount], ratesText(rates, speech)) + daily
}

/** Rule 5: the two paragraphs, byte for byte. */
export const law = ({ words }: Speech = FRENCH): Markup => markup`<h3>${words.law.title}</h3>
${words.law.foreword && markup`<p>${words.law.foreword}</p>`}<div class="letter-law" lang="fr">${L111_8_PARAGRAPHS.map((paragraph) => markup`<p>${paragraph}</p>`)}</div>`

function rights({ creditor }: LetterContent): Markup {
  return section(
    'Vos droits',
    `Vous pouvez contester tout ou partie de la somme : les relances s’arrêtent le temps de la vérification. Les factures et le détail du calcul vous sont remis sur simple demande. Une quittance vous est adressée pour chaque paiement. Notre rémunération est à la charge de ${creditor.name}\u00a0; elle ne vous est jamais demandée.`
  )
}

/** Rule 61. */
export const privacy = ({ agency, creditor }: LetterContent, { words }: Speech = FRENCH): Markup =>
  section(words.privacy.title, words.privacy.text(creditor.name, agency.email))

const section = (title: string, text: string) => markup`<h3>${title}</h3>
<p>${text}</p>
`
