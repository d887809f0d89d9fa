import { frenchDate, frenchPercent } from '#shared/french'
import { formatDecimal, formatEuros, type Cents } from '#shared/money'
import { NO_END } from '#claims/debts'
import type { Suspension } from '#claims/interest'
import type { Movement, MovementKind } from '#claims/movements'
import type { InvoiceOwed, Owed } from '#claims/owed'
import type { InterestRegime } from '#claims/rates'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup, type Markup } from '#letters/rendering/markup'
import { linesOf, type RateSource, type SegmentLine } from '#letters/statements/lines'
import type { StatementContent } from '#letters/statements/statement_content'
import { speechOf } from '#letters/templates/language'
import { longDate, nameOf, sender, shortened, windowIfKnown } from '#letters/templates/parts'

/** A French document, whatever the language of the pages. */
const MOVEMENTS: Record<MovementKind, string> = {
  payment: 'Paiement',
  payment_return: 'Paiement rendu ou repris',
  credit_note: 'Avoir',
  credit_note_cancelled: 'Avoir annulé',
  waiver: 'Remise accordée',
}

const RATE_SOURCES: Record<RateSource, string> = {
  ecb: 'BCE + 10 points',
  contract: 'contrat',
  legal: 'taux légal',
}

const SOURCES: Record<InterestRegime, string> = {
  late_payment:
    'Intérêts de retard entre professionnels, du lendemain de l’échéance : taux de refinancement de la Banque centrale européenne majoré de 10 points (article L441-10 du code de commerce).',
  legal_professional:
    'Taux de l’intérêt légal, du lendemain de la réception de la mise en demeure (article 1231-6 du code civil ; article L313-2 du code monétaire et financier, créancier professionnel).',
  legal_private:
    'Taux de l’intérêt légal, du lendemain de la réception de la mise en demeure (article 1231-6 du code civil ; article L313-2 du code monétaire et financier, créances des particuliers).',
}

const PARTS = { interest: 'les intérêts', principal: 'le principal', indemnity: 'l’indemnité' }

/** The statement of one claim on a day (décompte): the sums, then how each is made. */
export function statementDocument(content: StatementContent): string {
  const { agency, claimRef, on } = content
  const body = markup`<main class="letter" style="page:decompte">
<header class="letter-head">${sender(agency)}${references(content)}${windowIfKnown(content.debtor)}</header>
<p class="letter-place">Arrêté au ${longDate(on)}</p>
<h1 class="letter-subject">Décompte du dossier ${claimRef}</h1>
${content.endedBy && markup`<p><strong>Ce dossier a pris fin : plus rien n’est dû à ce titre.</strong></p>`}
${balance(content)}
${received(content)}
<div class="letter-annex statement">
<h2>Détail du calcul</h2>
${linesOf(content).map((lines) => invoiceDetail(lines, content.owed))}
${upcoming(content)}
${movements(content.movements)}
${method(content)}
</div>
</main>`
  const foot = { left: `${shortened(agency.name)} · Dossier ${claimRef} · Décompte au ${frenchDate(on)}` }
  const title = `Décompte ${claimRef} au ${frenchDate(on)}`
  return printedDocument({ title, lang: 'fr', body, css: pageRule('decompte', foot) })
}

function references({ claimRef, on, creditor, firstLetter }: StatementContent): Markup {
  return markup`<dl class="letter-refs">
<dt>Dossier</dt><dd class="n">${claimRef}</dd>
<dt>Arrêté au</dt><dd class="n">${frenchDate(on)}</dd>
${firstLetter && markup`<dt>Lettre</dt><dd><span class="n">${firstLetter.ref}</span> du ${longDate(firstLetter.datedOn)}</dd>`}
<dt>Créancier</dt><dd>${nameOf(creditor)}${creditor.addressLines.map((line) => markup`<br>${line}`)}</dd>
</dl>`
}

function balance({ owed, dailyCents }: StatementContent): Markup {
  const line = (name: string, cents: Cents) =>
    markup`<tr><th scope="row">${name}</th><td class="num">${formatEuros(cents)}</td></tr>`
  return markup`<table class="letter-balance">
<tbody>
${line('Principal TTC restant dû', owed.principalCents)}
${line('Intérêts', owed.interestCents)}
${owed.regime === 'late_payment' && line('Indemnité forfaitaire de recouvrement', owed.indemnityCents)}
</tbody>
<tfoot><tr><th scope="row">Total dû</th><td class="num">${formatEuros(owed.totalCents)}</td></tr></tfoot>
</table>
${dailyCents && markup`<p>Chaque jour de plus ajoute ${formatEuros(dailyCents)} d’intérêts, tant que le principal n’est pas réglé.</p>`}`
}

const received = ({ owed }: StatementContent) =>
  owed.paidCents > 0 && markup`<p>Déjà payé et déduit ci-dessus : ${formatEuros(owed.paidCents)}.</p>`

type InvoiceLines = ReturnType<typeof linesOf>[number]

function invoiceDetail(lines: InvoiceLines, owed: Owed): Markup {
  const { invoice } = lines
  const { number, issuedOn, dueOn, amountCents } = invoice
  const deductions: [string, Cents][] = [
    ['acompte', invoice.downPaymentCents],
    ['paiements', invoice.paidPrincipalCents],
    ['avoirs', invoice.creditedCents],
  ]
  const deducted = deductions
    .filter(([, cents]) => cents !== 0)
    .map(([name, cents]) => `, ${name} ${formatEuros(cents)}`)
    .join('')
  return markup`<section class="statement-invoice">
<h3>Facture ${number}</h3>
<p>Émise le ${frenchDate(issuedOn)}, échue le ${frenchDate(dueOn)} : ${formatEuros(amountCents)} TTC${deducted}. Principal restant dû : ${formatEuros(invoice.principalCents)}.</p>
${computation(lines, owed)}
</section>`
}

function computation({ invoice, segments, interestPaidCents }: InvoiceLines, owed: Owed): Markup {
  const indemnity = indemnityLine(invoice, owed)
  if (segments.length === 0) return markup`<p>Aucun intérêt à ce jour.</p>${indemnity}`
  const paid =
    interestPaidCents > 0
      ? markup` dont ${formatEuros(interestPaidCents)} déjà réglés, soit ${formatEuros(invoice.interestCents)} restant dus.`
      : '.'
  return markup`<table class="letter-invoices">
<thead><tr><th scope="col" class="wide">Du</th><th scope="col">Au</th><th scope="col" class="num">Jours</th><th scope="col" class="num">Principal</th><th scope="col" class="num">Taux</th><th scope="col">Source</th><th scope="col" class="num">Intérêts</th></tr></thead>
<tbody>
${segments.map(segmentRow)}
</tbody>
</table>
<p>Intérêts, arrondis une seule fois : ${formatEuros(invoice.accruedCents)}${paid}</p>
${indemnity}`
}

const segmentRow = (line: SegmentLine) =>
  markup`<tr><th scope="row" class="n">${frenchDate(line.fromOn)}</th><td class="n">${frenchDate(line.untilOn)}</td><td class="num">${line.days} / ${line.yearDays}</td><td class="num">${formatDecimal(line.principalCents)}</td><td class="num">${frenchPercent(line.rateBps)}</td><td>${RATE_SOURCES[line.source]}, ${line.semester}${line.belowMinimum && ' (inférieur à 3 fois le taux légal)'}</td><td class="num">${line.exact}</td></tr>
`

const indemnityLine = ({ indemnityCents }: InvoiceOwed, { regime }: Owed) =>
  regime === 'late_payment' &&
  markup`<p>Indemnité forfaitaire de 40\u00a0€ par facture en retard : ${formatEuros(indemnityCents)} restant dus.</p>`

const upcoming = ({ upcoming: invoices, upcomingCents }: StatementContent) =>
  invoices.length > 0 &&
  markup`<h3>Factures pas encore échues</h3>
<p>Elles ne sont pas demandées et ne comptent pas dans le total : ${invoices.map(({ number, dueOn }) => `${number}, à payer le ${frenchDate(dueOn)}`).join(' ; ')}. Ensemble : ${formatEuros(upcomingCents)}.</p>`

function movements(all: readonly Movement[]): Markup | null {
  if (all.length === 0) return markup`<h3>Paiements et avoirs</h3><p>Aucun à ce jour.</p>`
  return markup`<h3>Paiements et avoirs, avec leur imputation</h3>
<table class="letter-invoices">
<thead><tr><th scope="col" class="wide">Date</th><th scope="col">Nature</th><th scope="col">Référence</th><th scope="col" class="num">Montant</th><th scope="col" class="num">Intérêts</th><th scope="col" class="num">Principal</th><th scope="col" class="num">Indemnité</th><th scope="col" class="num">Trop-perçu</th></tr></thead>
<tbody>
${all.map(
  (
    one
  ) => markup`<tr><th scope="row" class="n">${frenchDate(one.on)}</th><td>${MOVEMENTS[one.kind]}</td><td>${one.ref}</td><td class="num">${formatDecimal(one.amountCents)}</td><td class="num">${formatDecimal(one.interestCents)}</td><td class="num">${formatDecimal(one.principalCents)}</td><td class="num">${formatDecimal(one.indemnityCents)}</td><td class="num">${formatDecimal(one.suspenseCents)}</td></tr>
`
)}
</tbody>
</table>`
}

function method({ owed }: StatementContent): Markup {
  const { regime, terms, grace, planned } = owed
  const contractual = regime === 'late_payment' && terms.rateBps !== null
  return markup`<section class="statement-method">
<h3>Mode de calcul</h3>
<p>Intérêts simples sur le principal TTC, ${speechOf('fr').words.interest.years[terms.dayCount]} (${terms.dayCount}), par semestre ; le jour de départ n’est pas compté, celui de l’arrêté l’est. Les intérêts ne portent jamais intérêt.</p>
<p>${contractual ? 'Intérêts de retard entre professionnels, du lendemain de l’échéance, au taux prévu au contrat (article L441-10 du code de commerce).' : SOURCES[regime]}</p>
${regime === 'late_payment' && markup`<p>Indemnité forfaitaire pour frais de recouvrement : une fois par facture en retard (article D441-5 du code de commerce).</p>`}
<p>Un paiement règle ${order(terms)}${terms.clause ? '' : ' (article 1343-1 du code civil)'}. Un avoir réduit le principal à sa date ; ce n’est pas un paiement.</p>
${terms.clause && markup`<p>Clause du contrat : <i>${terms.clause}</i></p>`}
${planned.map((period) => markup`<p>Échéancier ${days(period)} : aucun intérêt ne court.</p>`)}
${grace.map(({ startsOn, endsOn }) => markup`<p>Délai accordé par un juge du ${frenchDate(startsOn)} au ${frenchDate(endsOn)} : aucun intérêt ne court (article 1343-5 du code civil).</p>`)}
<p>Ce décompte ne tient compte que de ce qui prend effet à sa date ou avant : un paiement ou un avoir postérieur ne le change pas. Seule une opération enregistrée plus tard avec une date d’effet antérieure le modifierait.</p>
</section>`
}

const days = ({ startsOn, endsOn }: Suspension) =>
  endsOn === NO_END
    ? `depuis le ${frenchDate(startsOn)}`
    : `du ${frenchDate(startsOn)} au ${frenchDate(endsOn)}`

function order({ allocationOrder }: Owed['terms']): string {
  const [first, second, third] = allocationOrder.split('_').map((part) => PARTS[part as keyof typeof PARTS])
  return `d’abord ${first}, puis ${second}, puis ${third}`
}
