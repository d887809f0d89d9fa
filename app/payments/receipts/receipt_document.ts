import { eurosInWords } from '#shared/euros_in_words'
import { formatEuros } from '#shared/money'
import { pageRule, printedDocument } from '#letters/rendering/document'
import { markup, type Markup } from '#letters/rendering/markup'
import { longDate, nameOf, oneLine, sender, shortened, windowIfKnown } from '#letters/templates/parts'
import type { PaymentMethod } from '#payments/models/payment'
import type { ReceiptContent } from '#payments/receipts/receipt_content'

/** Said after "reçu". A French document, whatever the language of the pages. */
const MEANS: Record<PaymentMethod, string> = {
  card: 'par carte bancaire',
  sepa_debit: 'par prélèvement SEPA',
  paypal: 'par PayPal',
  online: 'par paiement en ligne',
  transfer: 'par virement',
  cheque: 'par chèque',
  cash: 'en espèces',
}

/**
 * The quittance of one payment (CPCE R124-6), on one page: what was received,
 * in figures and in words, what it settled and what remains.
 */
export function receiptDocument(content: ReceiptContent): string {
  const { number, agency, claimRef, issuedOn, amountCents } = content
  const body = markup`<main class="letter receipt" style="page:quittance">
<header class="letter-head">${sender(agency)}${references(content)}${windowIfKnown(content.debtor)}</header>
<p class="letter-place">Le ${longDate(issuedOn)}</p>
<h1 class="letter-subject">Quittance ${number}${content.replaces && `, qui annule et remplace la quittance ${content.replaces.number}`}</h1>
${received(content)}
<figure class="receipt-amount">
<p class="receipt-figures">${formatEuros(amountCents)}</p>
<p class="receipt-words">${eurosInWords(amountCents)}</p>
</figure>
${settled(content)}
${remaining(content)}
<p class="receipt-note">Cette quittance ne vous coûte rien. Gardez-la : elle prouve votre paiement.</p>
${signature(content)}
</main>`
  const foot = { left: `${shortened(agency.name)} · Dossier ${claimRef} · Quittance ${number}` }
  return printedDocument({ title: `Quittance ${number}`, lang: 'fr', body, css: pageRule('quittance', foot) })
}

function references({ number, claimRef, paymentRef, creditor }: ReceiptContent): Markup {
  return markup`<dl class="letter-refs">
<dt>Quittance</dt><dd class="n">${number}</dd>
<dt>Dossier</dt><dd class="n">${claimRef}</dd>
<dt>Paiement</dt><dd class="n">${paymentRef}</dd>
<dt>Créancier</dt><dd>${nameOf(creditor)}${creditor.addressLines.map((line) => markup`<br>${line}`)}</dd>
</dl>`
}

function received({
  agency,
  creditor,
  debtor,
  receivedOn,
  receivedCents,
  method,
  isDirect,
  replaces,
}: ReceiptContent): Markup {
  const person = [debtor.civility, debtor.fullName].filter(Boolean).join(' ')
  const name = debtor.companyName ?? person
  return markup`<p>${agency.name}, qui exerce une activité de recouvrement amiable de créances pour le compte de ${nameOf(creditor)}, ${oneLine(creditor.addressLines)}, ${isDirect ? 'atteste que le créancier a reçu' : 'déclare avoir reçu'} de ${name}, le ${longDate(receivedOn)}, ${MEANS[method]}, la somme ${
    replaces
      ? markup`de ${formatEuros(receivedCents)}, dont ${formatEuros(replaces.returnedCents)} ${wentHow(replaces)}. Il en reste :`
      : 'de :'
  }</p>`
}

const wentHow = ({ corrected, returnedOn }: NonNullable<ReceiptContent['replaces']>): Markup =>
  corrected
    ? markup`n’étaient pas destinés à ce dossier, ce qui a été rectifié le ${longDate(returnedOn)}`
    : markup`ont été rendus, la dernière fois le ${longDate(returnedOn)}`

function settled(content: ReceiptContent): Markup | null {
  if (content.amountCents === 0) return null
  const lines: [string, number][] = [
    ['Principal', content.principalCents],
    ['Intérêts de retard', content.interestCents],
    ['Indemnité forfaitaire de recouvrement', content.indemnityCents],
    [
      content.isDirect
        ? 'Trop-perçu, que le créancier doit vous rendre'
        : 'Trop-perçu, gardé à part pour vous être rendu',
      content.suspenseCents,
    ],
  ]
  const where = content.isDirect
    ? 'sur le compte du créancier'
    : 'sur le compte réservé aux fonds reçus pour les créanciers'
  return markup`<p>Cette somme est versée ${where}. Elle a réglé :</p>
<table class="letter-balance">
<tbody>${lines
    .filter(([, cents]) => cents > 0)
    .map(
      ([name, cents]) =>
        markup`<tr><th scope="row">${name}</th><td class="num">${formatEuros(cents)}</td></tr>`
    )}</tbody>
<tfoot><tr><th scope="row">${content.replaces ? 'Somme gardée' : 'Somme reçue'}</th><td class="num">${formatEuros(content.amountCents)}</td></tr></tfoot>
</table>`
}

function remaining(content: ReceiptContent): Markup {
  const { remainingCents, receivedOn, replaces, claimRef, creditor, unknownInterest } = content
  if (remainingCents === 0 && unknownInterest) {
    return markup`<p>Il ne reste à régler sur le dossier ${claimRef} que les intérêts courus depuis le début du semestre ${unknownInterest}, dont le taux n’est pas encore publié.</p>`
  }
  if (remainingCents === 0) {
    return markup`<p><strong>Le dossier ${claimRef} est soldé.</strong> Vous ne devez plus rien à ${creditor.name} à ce titre, et nos démarches s’arrêtent.</p>`
  }
  return markup`<p>Au ${longDate(replaces?.returnedOn ?? receivedOn)}, ce paiement déduit, il reste <strong class="n">${formatEuros(remainingCents)}</strong> à régler sur le dossier ${claimRef}${unknownInterest ? `, sans les intérêts courus depuis le début du semestre ${unknownInterest}, dont le taux n’est pas encore publié` : ''}.</p>`
}

function signature({ agency }: ReceiptContent): Markup {
  return markup`<div class="letter-sign">
<p><small>Article R124-6 du code des procédures civiles d’exécution</small></p>
<p>${agency.signatoryName ?? agency.name}<small>${agency.signatoryTitle ?? 'Service du recouvrement amiable'}</small></p>
</div>`
}
