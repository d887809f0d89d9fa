import { frenchNumber, frenchPercent } from '#shared/french'
import { formatEuros } from '#shared/money'
import { INDEMNITY_CENTS } from '#claims/indemnity'
import type { LetterContent } from '#letters/letter_content'
import { markup, type Markup } from '#letters/rendering/markup'
import { annex } from '#letters/templates/annex'
import type { Language } from '#letters/templates/language'
import {
  channel,
  longDate,
  nameOf,
  oneLine,
  payment,
  references,
  sender,
  windowBlock,
} from '#letters/templates/parts'

/** More rates than this are given in the annex only. */
const RATES_IN_LINE = 3

/**
 * Mise en demeure, plain or registered, to a company or a consumer: the
 * mentions of CPCE R124-4 on the first page, the detail in the annex.
 */
export function formalNotice(content: LetterContent): Markup {
  const { agency, debtor } = content
  const salutation = debtor.civility ?? 'Madame, Monsieur'
  return markup`<header class="letter-head">
${sender(agency)}${references(content)}${channel(content)}${windowBlock(debtor)}
</header>
<p class="letter-place">${place(agency.addressLines)}${longDate(content.datedOn)}</p>
<h1 class="letter-subject">Objet : Mise en demeure de payer</h1>
<p>${salutation},</p>
${whoWeAre(content)}
${whatIsOwed(content)}
${balance(content)}
<p>Nous vous mettons en demeure de régler cette somme <strong>au plus tard le ${longDate(content.deadlineOn)}</strong> :</p>
${payment(content)}
<p>Si vous contestez cette créance, ou si vous avez besoin de temps, répondez-nous ou utilisez ce lien : vous pourrez y proposer un règlement en plusieurs fois, sans aucun frais. À défaut de règlement ou de réponse, ${content.creditor.name} se réserve la faculté de saisir la juridiction compétente.</p>
<div class="letter-close">
<p>Veuillez agréer, ${salutation}, l’expression de nos salutations distinguées.</p>
${signature(content)}
</div>
${annex(content)}`
}

function whoWeAre({ creditor, mandateSignedOn, firstLetter }: LetterContent): Markup {
  return markup`<p>Nous exerçons une activité de recouvrement amiable de créances et sommes mandatés par ${nameOf(creditor)}, ${oneLine(creditor.addressLines)}, par convention du ${longDate(mandateSignedOn)}.${firstLetter && recall(firstLetter)}</p>`
}

const recall = ({ ref, datedOn }: NonNullable<LetterContent['firstLetter']>) =>
  markup` La présente fait suite à notre lettre <span class="n">${ref}</span> du ${longDate(datedOn)}.`

function whatIsOwed({ creditor, debtor, demand, datedOn }: LetterContent): Markup {
  const subject =
    debtor.kind === 'b2b'
      ? markup`votre société, <bdi>${debtor.companyName}</bdi>, reste redevable`
      : 'vous restez redevable'
  return markup`<p>Sauf erreur de notre part, ${subject} envers ${creditor.name}, sur le fondement de ${invoiceCount(demand.invoiceCount)} dont le détail figure en annexe, de la somme suivante, arrêtée au ${longDate(datedOn)} :</p>`
}

function balance({ demand }: LetterContent): Markup {
  const { principalCents, interestCents, indemnityCents, totalCents, invoiceCount: count } = demand
  const line = (name: string, note: string, amount: number) =>
    markup`<tr><th scope="row">${name} <small>${note}</small></th><td class="num">${formatEuros(amount)}</td></tr>`
  return markup`<table class="letter-balance">
<tbody>
${line('Principal TTC', `${invoiceCount(count)}, règlements déduits`, principalCents)}
${line('Intérêts de retard', interestNote(demand), interestCents)}
${indemnityCents > 0 && line('Indemnité forfaitaire', indemnityNote(indemnityCents), indemnityCents)}
</tbody>
<tfoot><tr><th scope="row">Total</th><td class="num">${formatEuros(totalCents)}</td></tr></tfoot>
</table>`
}

function indemnityNote(cents: number): string {
  const source = 'article D441-5 du code de commerce'
  return cents % INDEMNITY_CENTS === 0 ? `40\u00a0€ × ${cents / INDEMNITY_CENTS}, ${source}` : source
}

function interestNote({ regime, rates }: LetterContent['demand']): string {
  if (rates.length === 0) return 'aucun avant la réception de la présente, puis taux légal'
  const source =
    regime === 'late_payment' ? 'article L441-10 du code de commerce' : 'article 1231-6 du code civil'
  if (rates.length > RATES_IN_LINE) return `taux détaillés en annexe, ${source}`
  return `${rates.map(({ rateBps }) => frenchPercent(rateBps)).join(' puis ')} par an, ${source}`
}

function signature({ agency }: LetterContent): Markup {
  return markup`<div class="letter-sign">
<p><small>Annexe, page suivante : détail de la somme,<br>texte de loi, vos droits, vos données</small></p>
<p>${agency.signatoryName ?? agency.name}<small>${agency.signatoryTitle ?? 'Service du recouvrement amiable'}</small></p>
</div>`
}

/** `Paris, le ` from the last line of the address, `75004 PARIS`. */
export function place(addressLines: string[], language: Language = 'fr'): string {
  const city = addressLines
    .at(-1)
    ?.replace(/^\s*(?:F-)?\d{5}\s+/, '')
    .replace(/\s+CEDEX\b.*$/i, '')
    .toLocaleLowerCase('fr')
    .replace(
      /(^|[\s'’-])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toLocaleUpperCase('fr')
    )
    .trim()
  if (language === 'en') return city ? `${city}, ` : ''
  return city ? `${city}, le ` : 'Le '
}

export const invoiceCount = (count: number) =>
  `${frenchNumber(count, 'feminine')} ${count > 1 ? 'factures' : 'facture'}`
