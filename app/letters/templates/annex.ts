import { frenchDate, frenchPercent } from '#shared/french'
import { formatDecimal, formatEuros, sum } from '#shared/money'
import { L111_8_PARAGRAPHS } from '#letters/l111_8'
import type { DayCount } from '#creditors/models/contract_term'
import type { DemandedInvoice, LetterContent, RatePeriod } from '#letters/letter_content'
import { markup, type Markup } from '#letters/rendering/markup'

/** Second page on: the invoices, how interest is computed, the law, the debtor's rights and data. */
export function annex(content: LetterContent): Markup {
  return markup`<div class="letter-annex">
<h2>Annexe. Détail de la somme demandée</h2>
${invoiceTable(content.demand.invoices)}
${interest(content)}
<h3>Article L111-8 du code des procédures civiles d’exécution, alinéas 2 et 3</h3>
<div class="letter-law">${L111_8_PARAGRAPHS.map((paragraph) => markup`<p>${paragraph}</p>`)}</div>
${rights(content)}
${privacy(content)}
</div>`
}

export function invoiceTable(invoices: DemandedInvoice[]): Markup {
  const total = (amount: (invoice: DemandedInvoice) => number) => formatDecimal(sum(invoices.map(amount)))
  return markup`<table class="letter-invoices">
<thead><tr><th scope="col" class="wide">Facture</th><th scope="col">Prestation</th><th scope="col">Émise le</th><th scope="col">Échéance</th><th scope="col" class="num">Montant TTC</th><th scope="col" class="num">Déduit</th><th scope="col" class="num">Reste dû</th><th scope="col" class="num">Jours</th><th scope="col" class="num">Intérêts</th></tr></thead>
<tbody>
${invoices.map(invoiceRow)}
</tbody>
<tfoot><tr><th scope="row" colspan="4">Total, en euros</th><td class="num">${total((invoice) => invoice.amountCents)}</td><td class="num">${total((invoice) => invoice.paidCents)}</td><td class="num">${total((invoice) => invoice.principalCents)}</td><td></td><td class="num">${total((invoice) => invoice.interestCents)}</td></tr></tfoot>
</table>`
}

const invoiceRow = (invoice: DemandedInvoice) =>
  markup`<tr><th scope="row">${invoice.number}</th><td>${invoice.description}</td><td class="n">${frenchDate(invoice.issuedOn)}</td><td class="n">${frenchDate(invoice.dueOn)}</td><td class="num">${formatDecimal(invoice.amountCents)}</td><td class="num">${formatDecimal(invoice.paidCents)}</td><td class="num">${formatDecimal(invoice.principalCents)}</td><td class="num">${invoice.interestDays}</td><td class="num">${formatDecimal(invoice.interestCents)}</td></tr>
`

const STATUTORY_RATE = 'au taux de refinancement de la Banque centrale européenne majoré de 10 points'
const CONTRACTUAL_RATE = 'au taux prévu au contrat'

/** Over how many days a yearly rate is spread. */
export const yearWords = (dayCount: DayCount) =>
  dayCount === 'ACT_ACT' ? 'sur le nombre réel de jours de l’année' : 'sur 365 jours'

function interest({ demand, datedOn }: LetterContent): Markup {
  const { rates, regime, dailyCents, isContractual } = demand
  const year = yearWords(demand.dayCount)
  const daily = dailyCents ? ` Chaque jour ajoute ${formatEuros(dailyCents)} au total.` : ''
  if (regime === 'late_payment') {
    return section(
      'Calcul des intérêts',
      `Intérêts simples sur le montant restant dû, du lendemain de l’échéance au ${frenchDate(datedOn)} inclus, ${year}, ${isContractual ? CONTRACTUAL_RATE : STATUTORY_RATE} : ${periods(rates)}.${daily}`
    )
  }
  const start =
    'Le taux d’intérêt légal court à compter de la réception de la mise en demeure (article 1231-6 du code civil)'
  if (rates.length === 0) {
    return section('Calcul des intérêts', `${start}. Aucun intérêt n’est donc demandé à ce jour.`)
  }
  return section('Calcul des intérêts', `${start}, ${year} : ${periods(rates)}.${daily}`)
}

/** `12,15 % jusqu’au 30/06/2026, 12,40 % depuis le 01/07/2026` */
function periods(rates: RatePeriod[]): string {
  return rates
    .map(({ rateBps, fromOn, untilOn }, index) => {
      const rate = frenchPercent(rateBps)
      if (rates.length === 1) return rate
      if (index === 0) return `${rate} jusqu’au ${frenchDate(untilOn)}`
      if (index === rates.length - 1) return `${rate} depuis le ${frenchDate(fromOn)}`
      return `${rate} du ${frenchDate(fromOn)} au ${frenchDate(untilOn)}`
    })
    .join(', ')
}

function rights({ creditor }: LetterContent): Markup {
  return section(
    'Vos droits',
    `Vous pouvez contester tout ou partie de la somme : les relances s’arrêtent le temps de la vérification. Les factures et le détail du calcul vous sont remis sur simple demande. Une quittance vous est adressée pour chaque paiement. Notre rémunération est à la charge de ${creditor.name}\u00a0; elle ne vous est jamais demandée.`
  )
}

/** GDPR art. 14: the first communication says who has the data, from whom, why and for how long. */
function privacy({ agency, creditor }: LetterContent): Markup {
  const contact = agency.email ? `${agency.email}, ou à notre adresse` : 'à notre adresse'
  return section(
    'Vos données personnelles',
    `${creditor.name} nous a transmis votre nom, vos coordonnées et vos factures. Nous les utilisons pour traiter ce dossier, dans l’intérêt légitime du créancier à être payé. Y ont accès nos équipes, ${creditor.name} et nos prestataires de courrier et de paiement. Elles sont gardées jusqu’à la clôture du dossier, puis archivées cinq ans (dix ans pour les pièces comptables). Vous pouvez y accéder, les faire rectifier ou effacer, en limiter l’usage ou vous y opposer : ${contact}. Vous pouvez aussi saisir la CNIL (cnil.fr).`
  )
}

const section = (title: string, text: string) => markup`<h3>${title}</h3>
<p>${text}</p>
`
