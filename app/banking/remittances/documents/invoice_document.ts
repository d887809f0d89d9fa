import { frenchPercent, ibanText, sirenText } from '#shared/french'
import { formatEuros, sum, type Cents } from '#shared/money'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup, type Markup } from '#letters/rendering/markup'
import { longDate, oneLine, shortened } from '#letters/templates/parts'
import { vatNumber } from '#banking/fees/vat'
import type { RemittanceContent } from '#banking/remittances/documents/content'
import { creditorIdentity, head, place } from '#banking/remittances/documents/parts'

/** What an invoice between businesses must say of paying late (C. com. L441-9, L441-10, D441-5). */
const LATE =
  'Pas d’escompte pour paiement anticipé. En cas de retard de paiement : pénalités au taux de refinancement de la Banque centrale européenne majoré de dix points, et indemnité forfaitaire pour frais de recouvrement de 40 € (articles L441-10 et D441-5 du code de commerce).'

type Invoiced = RemittanceContent & { invoice: NonNullable<RemittanceContent['invoice']> }

/**
 * The invoice of the agency's fee to its creditor, or the credit note that gives some of it back,
 * with the mentions of CGI ann. II art. 242 nonies A. The debtor never pays it (rule 9).
 */
export function invoiceDocument(content: Invoiced): string {
  const { agency, invoice, ref } = content
  const kind = invoice.isCreditNote ? 'Avoir' : 'Facture'
  const references = [
    [kind, invoice.number],
    ['Relevé', ref],
    ['Votre SIREN', sirenText(content.creditor.siren) || 'non communiqué'],
  ] as const
  const body = markup`<main class="letter" style="page:facture">
${head(content, references)}
${place(invoice.issuedOn)}
<h1 class="letter-subject">${kind} ${invoice.number}${invoice.isCreditNote && ' : honoraires rendus'}</h1>
${seller(content)}
<p>Prestation de services : recouvrement amiable pour le compte de ${creditorIdentity(content)}, sommes reçues jusqu’au ${longDate(content.untilOn)}, relevé ${ref}. Honoraires de résultat : aucune somme n’est due sans encaissement.</p>
${rates(content)}
${totals(content)}
${settlement(content)}
<p><small>${LATE}</small></p>
</main>`
  const foot = { left: `${shortened(agency.name)} · ${kind} ${invoice.number}` }
  return printedDocument({
    title: `${kind} ${invoice.number}`,
    lang: 'fr',
    body,
    css: pageRule('facture', foot),
  })
}

function seller({ agency }: RemittanceContent): Markup {
  const identity = [
    agency.name,
    agency.legalForm,
    oneLine(agency.addressLines),
    agency.siren && `SIREN ${sirenText(agency.siren)}`,
    vatNumber(agency.siren) && `TVA intracommunautaire ${vatNumber(agency.siren)}`,
  ]
  return markup`<p>${identity.filter(Boolean).join(', ')}.</p>`
}

/** One row for each rate of the mandate: the sums of its lines, each already rounded. */
function rates({ lines }: RemittanceContent): Markup {
  const byRate = [...Map.groupBy(lines, ({ rateBps }) => rateBps)].sort(([one], [other]) => one - other)
  return markup`<table class="letter-invoices letter-fees">
<thead><tr><th scope="col" class="wide">Désignation</th><th scope="col" class="num">Sommes reçues</th><th scope="col" class="num">Taux</th><th scope="col" class="num">Montant HT</th></tr></thead>
<tbody>${byRate.map(
    ([rateBps, of]) =>
      markup`<tr><th scope="row" class="wide">Honoraires sur ${of.length} ${of.length > 1 ? 'paiements' : 'paiement'}</th><td class="num">${formatEuros(sum(of.map(({ collectedCents }) => collectedCents)))}</td><td class="num">${frenchPercent(rateBps)}</td><td class="num">${formatEuros(sum(of.map(({ feeCents }) => feeCents)))}</td></tr>`
  )}</tbody>
</table>`
}

function totals({ feeCents, vatCents, invoice }: Invoiced): Markup {
  const rows: [string, Cents][] = [
    ['Total hors taxes', feeCents],
    [`TVA ${frenchPercent(invoice.vatBps)}`, vatCents],
  ]
  return markup`<table class="letter-balance">
<tbody>${rows.map(([name, cents]) => markup`<tr><th scope="row">${name}</th><td class="num">${formatEuros(cents)}</td></tr>`)}</tbody>
<tfoot><tr><th scope="row">Total toutes taxes comprises</th><td class="num">${formatEuros(feeCents + vatCents)}</td></tr></tfoot>
</table>`
}

function settlement({ netting, paidOn, ref, invoice, agency, creditor }: Invoiced): Markup {
  if (netting)
    return markup`<p>Réglée par compensation sur le reversement ${ref} du ${longDate(paidOn)}, comme le mandat le prévoit : rien ne reste à payer.</p>`
  if (invoice.isCreditNote)
    return markup`<p>Cette somme vous est rendue : elle se déduit de notre prochaine facture, ou vous est virée sur votre compte <span class="n">${ibanText(creditor.iban)}</span> à votre demande.</p>`
  return markup`<p>À payer à ${agency.name} avant le <strong>${longDate(invoice.dueOn)}</strong>, en rappelant le numéro ${invoice.number}. Cette somme n’est pas prise sur les fonds reçus pour vous.</p>`
}
