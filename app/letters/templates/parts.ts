import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { epcPayload } from '#shared/epc_transfer'
import { inGroupsOfFour } from '#shared/creditor_reference'
import { frenchLongDate } from '#shared/french'
import { qrCode } from '#shared/qr_code'
import type { CivilDate } from '#shared/clock'
import { addressBlock } from '#letters/address_block'
import type { LetterAgency, LetterContent, LetterDebtor, LetterParty } from '#letters/letter_content'
import { markup, raw, type Markup } from '#letters/rendering/markup'

/** Who writes: name, trade, address, ways to answer. */
export function sender(agency: LetterAgency): Markup {
  const phone =
    agency.phone && (parsePhoneNumberFromString(agency.phone, 'FR')?.formatNational() ?? agency.phone)
  const company = [agency.legalForm, agency.siren && `SIREN ${groupsOfThree(agency.siren)}`]
  const lines = [
    oneLine(agency.addressLines),
    [phone, agency.email].filter(Boolean).join(' · '),
    company.filter(Boolean).join(', '),
  ]
  return markup`<div class="letter-sender"><p class="letter-name">${agency.name}</p>
<p class="letter-trade">Recouvrement amiable de créances</p>
<p class="letter-from">${lines.filter(Boolean).map((line) => markup`${line}<br>`)}</p></div>`
}

/** Above the window, where the postal label of a registered letter goes. */
export function channel({ kind }: LetterContent): Markup | null {
  if (kind !== 'lrar') return null
  return markup`<p class="letter-channel"><strong>Lettre recommandée</strong>avec demande d’avis de réception</p>`
}

export function references({ ref, claimRef, creditor, mandateSignedOn }: LetterContent): Markup {
  return markup`<dl class="letter-refs">
<dt>Lettre</dt><dd class="n">${ref}</dd>
<dt>Dossier</dt><dd class="n">${claimRef}</dd>
<dt>Créancier</dt><dd>${nameOf(creditor)}${creditor.addressLines.map((line) => markup`<br>${line}`)}</dd>
<dt>Mandat</dt><dd>convention du ${longDate(mandateSignedOn)}</dd>
</dl>`
}

export function windowBlock(debtor: LetterDebtor): Markup {
  return markup`<p class="letter-window">${addressBlock(debtor).lines.map((line) => markup`<span>${line}</span>`)}</p>`
}

/** How to pay: the debtor's page and the dedicated account, each with its code to scan. */
export function payment({ agency, demand, payment: means }: LetterContent): Markup {
  const transfer = epcPayload({
    beneficiary: agency.name,
    iban: means.iban,
    bic: means.bic,
    amountCents: demand.totalCents,
    reference: means.reference,
  })
  return markup`<div class="letter-pay">
<dl>
<dt>En ligne</dt><dd class="letter-link"><a href="${means.portalUrl}">${means.portalUrl.replace(/^https?:\/\//, '')}</a></dd>
<dt>Par virement</dt><dd class="n">${inGroupsOfFour(means.iban)}</dd>
<dt>${means.bic ? 'BIC, titulaire' : 'Titulaire'}</dt><dd>${means.bic && `${means.bic}, `}${agency.name} (compte dédié)</dd>
<dt>Référence</dt><dd class="n"><strong>${inGroupsOfFour(means.reference)}</strong></dd>
</dl>
${code(means.portalUrl, 'Code QR de votre page', 'Votre page :<br>payer, répondre')}
${code(transfer, 'Code QR de virement : il remplit le bénéficiaire, l’IBAN, le montant et la référence', 'Virement, avec votre<br>application bancaire')}
</div>`
}

function code(content: string, label: string, caption: string): Markup {
  const { viewBox, path } = qrCode(content)
  return markup`<figure><svg viewBox="${viewBox}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path d="${path}"/></svg><figcaption>${raw(caption)}</figcaption></figure>`
}

export const nameOf = ({ name, legalForm }: LetterParty) => (legalForm ? `${name}, ${legalForm}` : name)

export const oneLine = (lines: string[]) => lines.join(', ')

const LONGEST_NAME = 42

/** A name for the foot, which is one line and ends before the page number. */
export function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name
  const cut = name.lastIndexOf(' ', LONGEST_NAME)
  return `${name.slice(0, cut > 0 ? cut : LONGEST_NAME).replace(/\P{L}+$/u, '')}…`
}

/** `1er septembre 2026` with its letters raised. */
export function longDate(on: CivilDate): Markup {
  const text = frenchLongDate(on)
  return text.startsWith('1er ') ? markup`1<sup>er</sup>${text.slice(3)}` : markup`${text}`
}

const groupsOfThree = (digits: string) => digits.replace(/(\d{3})(?=\d)/g, '$1\u00a0')
