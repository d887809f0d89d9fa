import { epcPayload } from '#shared/epc_transfer'
import { inGroupsOfFour } from '#shared/creditor_reference'
import { qrCode } from '#shared/qr_code'
import type { CivilDate } from '#shared/clock'
import { readPhone } from '#shared/phone'
import { ERE_ARTICLE, ERE_IS_NOT, ERE_NAME } from '#letters/ere_label'
import { addressBlock, IncompleteAddress } from '#letters/address_block'
import type { LetterAgency, LetterContent, LetterDebtor, LetterParty } from '#letters/letter_content'
import type { Parties } from '#letters/parties'
import { markup, raw, type Markup } from '#letters/rendering/markup'
import { speechOf, type Speech } from '#letters/templates/language'

const FRENCH = speechOf('fr')

/** Who writes: name, trade, address, ways to answer. */
export function sender(agency: LetterAgency, { words }: Speech = FRENCH): Markup {
  const phone = agency.phone && (readPhone(agency.phone, 'FR')?.formatNational() ?? agency.phone)
  const company = [agency.legalForm, agency.siren && `SIREN ${groupsOfThree(agency.siren)}`]
  const lines = [
    oneLine(agency.addressLines),
    [phone, agency.email].filter(Boolean).join(' · '),
    company.filter(Boolean).join(', '),
  ]
  return markup`<div class="letter-sender"><p class="letter-name">${agency.name}</p>
<p class="letter-trade">${words.trade}</p>
<p class="letter-from">${lines.filter(Boolean).map((line) => markup`${line}<br>`)}</p></div>`
}

/** Above the window, where the postal label of a registered letter goes; rule 47 for an ERE, whose name is not an LRE's. */
export function channel({ kind }: LetterContent): Markup | null {
  if (kind === 'simple') return null
  if (kind === 'ere')
    return markup`<p class="letter-channel"><strong>${ERE_NAME}</strong>${ERE_IS_NOT} ${ERE_ARTICLE}</p>`
  if (kind === 'lre')
    return markup`<p class="letter-channel"><strong>Lettre recommandée électronique</strong>qualifiée (art. L.100 CPCE)</p>`
  return markup`<p class="letter-channel"><strong>Lettre recommandée</strong>avec demande d’avis de réception</p>`
}

export function references(
  { ref, claimRef, creditor, mandateSignedOn, personalCode }: LetterContent,
  { words, longDate }: Speech = FRENCH
): Markup {
  return markup`<dl class="letter-refs">
<dt>${words.letter}</dt><dd class="n">${ref}${personalCode && markup` · ${words.code} ${inGroupsOfFour(personalCode)}`}</dd>
<dt>${words.file}</dt><dd class="n">${claimRef}</dd>
<dt>${words.creditor}</dt><dd>${nameOf(creditor)}${creditor.addressLines.map((line) => markup`<br>${line}`)}</dd>
<dt>${words.mandate}</dt><dd>${raised(words.mandateOf(longDate(mandateSignedOn)))}</dd>
</dl>`
}

export function windowBlock(debtor: LetterDebtor): Markup {
  return markup`<p class="letter-window">${addressBlock(debtor).lines.map((line) => markup`<span>${line}</span>`)}</p>`
}

/**
 * For what is due whatever is known of the address, a receipt or a statement: one that is incomplete
 * only leaves the window empty.
 */
export function windowIfKnown({ address, ...debtor }: Parties['debtor']): Markup | null {
  if (!address) return null
  try {
    return windowBlock({ ...debtor, address })
  } catch (error) {
    if (error instanceof IncompleteAddress) return null
    throw error
  }
}

/** How to pay: the debtor's page and the dedicated account, each with its code to scan. */
export function payment(content: LetterContent, speech: Speech = FRENCH): Markup {
  const { agency, payment: means } = content
  const { words } = speech
  return markup`<div class="letter-pay">
<dl>
<dt>${words.payment.online}</dt><dd class="letter-link"><a href="${means.portalUrl}">${means.portalUrl.replace(/^https?:\/\//, '')}</a></dd>
<dt>${words.payment.transfer}</dt><dd class="n">${inGroupsOfFour(means.iban)}</dd>
<dt>${means.bic ? words.payment.bicAndHolder : words.payment.holder}</dt><dd>${means.bic && `${means.bic}, `}${agency.name} ${words.payment.dedicated}</dd>
<dt>${words.payment.reference}</dt><dd class="n"><strong>${inGroupsOfFour(means.reference)}</strong></dd>
</dl>
${paymentCodes(content, speech)}
</div>`
}

/** The two codes to scan: the debtor's page, and a transfer already filled in. */
export function paymentCodes({ agency, demand, payment: means }: LetterContent, { words }: Speech): Markup {
  const transfer = epcPayload({
    beneficiary: agency.name,
    iban: means.iban,
    bic: means.bic,
    amountCents: demand.totalCents,
    reference: means.reference,
  })
  return markup`${code(means.portalUrl, words.payment.pageCode, words.payment.pageCaption)}
${code(transfer, words.payment.transferCode, words.payment.transferCaption)}`
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
export const longDate = (on: CivilDate): Markup => raised(FRENCH.longDate(on))

/** The letters of `1er`, raised wherever they stand. */
export function raised(text: string): Markup {
  return markup`${text.split(/(?<=\b1)er(?= \p{L})/u).map((part, index) => (index === 0 ? part : markup`<sup>er</sup>${part}`))}`
}

const groupsOfThree = (digits: string) => digits.replace(/(\d{3})(?=\d)/g, '$1\u00a0')
