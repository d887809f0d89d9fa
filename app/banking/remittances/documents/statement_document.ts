import { frenchDate, frenchPercent, ibanText } from '#shared/french'
import { formatEuros } from '#shared/money'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup, type Markup } from '#letters/rendering/markup'
import { longDate, shortened } from '#letters/templates/parts'
import type { RemittanceContent, StatementLine } from '#banking/remittances/documents/content'
import { head, place } from '#banking/remittances/documents/parts'

/**
 * The account that the agency gives its creditor of what it received for it and paid to it (CPCE
 * R124-6, and R124-5 for each payment): every payment, the fee that each bears, and what was paid.
 */
export function statementDocument(content: RemittanceContent): string {
  const { ref, paidOn, untilOn, netCents, agency, mandateSignedOn, invoice, direct } = content
  const title = `Relevé ${direct ? 'des paiements directs' : 'de reversement'} ${ref}`
  const references = [
    ['Relevé', ref],
    ['Mandat', mandateSignedOn ? `convention du ${frenchDate(mandateSignedOn)}` : '–'],
    ...(invoice ? ([['Facture', invoice.number]] as const) : []),
  ] as const
  const body = markup`<main class="letter" style="page:releve">
${head(content, references)}
${place(paidOn)}
<h1 class="letter-subject">${title}</h1>
<p>Nous vous rendons compte des sommes ${direct ? 'payées' : 'que nous avons reçues pour vous'} jusqu’au ${longDate(untilOn)} et ${direct ? 'parties directement sur votre compte Stripe' : 'que nous vous reversons'}. Chaque paiement a donné lieu à une quittance remise au débiteur.</p>
${totals(content)}
${direct ? markup`<p>Nous n’avons pas détenu ces sommes : elles ne donnent lieu à aucun virement de notre part.</p>` : markup`<p>La somme de <strong class="n">${formatEuros(netCents)}</strong> est virée du compte réservé aux fonds reçus pour les créanciers, le ${longDate(paidOn)}, vers votre compte <span class="n">${ibanText(content.creditor.iban)}</span>, sous la référence ${ref}.</p>`}
${fee(content)}
<section class="letter-annex"><h2>Paiements du relevé ${ref}</h2>${lines(content)}</section>
</main>`
  const foot = { left: `${shortened(agency.name)} · Relevé ${ref}` }
  return printedDocument({
    title,
    lang: 'fr',
    body,
    css: pageRule('releve', foot),
  })
}

function totals({
  collectedCents,
  feeCents,
  vatCents,
  netCents,
  netting,
  direct,
}: RemittanceContent): Markup {
  const kept: [string, number][] = netting
    ? [
        ['Honoraires hors taxes, retenus selon le mandat', -feeCents],
        ['TVA sur les honoraires', -vatCents],
      ]
    : []
  const rows: [string, number][] = [
    [direct ? 'Sommes payées' : 'Sommes reçues pour vous', collectedCents],
    ...kept,
  ]
  return markup`<table class="letter-balance">
<tbody>${rows.map(([name, cents]) => markup`<tr><th scope="row">${name}</th><td class="num">${formatEuros(cents)}</td></tr>`)}</tbody>
<tfoot><tr><th scope="row">${direct ? 'Parties sur votre compte' : 'Somme reversée'}</th><td class="num">${formatEuros(netCents)}</td></tr></tfoot>
</table>`
}

function fee({ invoice, netting, feeCents, vatCents }: RemittanceContent): Markup | null {
  if (!invoice) return markup`<p>Aucun honoraire n’est dû sur ces paiements.</p>`
  const what = invoice.isCreditNote ? 'l’avoir' : 'la facture'
  const total = formatEuros(Math.abs(feeCents + vatCents))
  if (netting)
    return markup`<p>Nos honoraires font l’objet de ${what} ${invoice.number} (${total} TTC), réglés par compensation comme le mandat le prévoit.</p>`
  return markup`<p>Nos honoraires ne sont pas retenus sur cette somme : ils font l’objet de ${what} ${invoice.number} (${total} TTC).</p>`
}

function lines({ lines: paid, collectedCents, feeCents, vatCents }: RemittanceContent): Markup {
  return markup`<table class="letter-invoices">
<thead><tr><th scope="col" class="wide">Dossier</th><th scope="col">Débiteur</th><th scope="col">Paiement</th><th scope="col">Reçu le</th><th scope="col" class="num">Somme</th><th scope="col" class="num">Taux</th><th scope="col" class="num">Honoraires HT</th><th scope="col" class="num">TVA</th></tr></thead>
<tbody>${paid.map(line)}</tbody>
<tfoot><tr><th scope="row" colspan="4">Total</th><td class="num">${formatEuros(collectedCents)}</td><td></td><td class="num">${formatEuros(feeCents)}</td><td class="num">${formatEuros(vatCents)}</td></tr></tfoot>
</table>
<p>Une somme négative est un paiement déjà compté que le débiteur, ou sa banque, a repris depuis.</p>`
}

const line = (paid: StatementLine) =>
  markup`<tr><th scope="row" class="wide n">${paid.claim}</th><td>${paid.debtor}</td><td class="n">${paid.payment}</td><td class="n">${frenchDate(paid.receivedOn)}</td><td class="num">${formatEuros(paid.collectedCents)}</td><td class="num">${frenchPercent(paid.rateBps)}</td><td class="num">${formatEuros(paid.feeCents)}</td><td class="num">${formatEuros(paid.vatCents)}</td></tr>`
