import { isValidIBAN } from 'ibantools'
import type { CivilDate, Instant } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { sepaText } from '#banking/remittances/sepa_text'

export type Party = { name: string; addressLines: readonly string[]; iban: string; bic: string | null }

export type Transfer = {
  /** Comes back on the bank's statement (EndToEndId). */
  ref: string
  to: Party
  amountCents: Cents
  message: string
}

export type TransferOrderContent = {
  /** The MsgId. */
  ref: string
  createdAt: Instant
  executeOn: CivilDate
  from: Party
  transfers: readonly Transfer[]
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
const LONGEST_NAME = 70
const LONGEST_REFERENCE = 35
const LONGEST_MESSAGE = 140

/**
 * Transfers in euros from one account, as the file that banks take: ISO 20022 pain.001.001.09 in the
 * EPC's customer-to-bank profile (EPC132-08, 2023), one batch, SHA charges, hybrid addresses.
 *
 * @throws RangeError when an IBAN is wrong, nothing is to be paid or a reference does not fit
 */
export function transferFile(order: TransferOrderContent): string {
  const { ref, createdAt, executeOn, from, transfers } = order
  if (transfers.length === 0) throw new RangeError('an order holds at least one transfer')
  const total = decimal(sum(transfers.map(({ amountCents }) => amountCents)))
  const counted = [element('NbOfTxs', String(transfers.length)), element('CtrlSum', total)]
  const header = group('GrpHdr', [
    element('MsgId', reference(ref)),
    element('CreDtTm', createdAt.replace(/\.\d+Z$/, 'Z')),
    ...counted,
    group('InitgPty', [element('Nm', name(from))]),
  ])
  const batch = group('PmtInf', [
    element('PmtInfId', reference(`${ref}-1`)),
    element('PmtMtd', 'TRF'),
    ...counted,
    group('PmtTpInf', [group('SvcLvl', [element('Cd', 'SEPA')])]),
    group('ReqdExctnDt', [element('Dt', executeOn)]),
    group('Dbtr', [element('Nm', name(from)), ...address(from)]),
    account('DbtrAcct', from),
    group('DbtrAgt', [group('FinInstnId', [bankOf(from)])]),
    element('ChrgBr', 'SLEV'),
    ...transfers.map(transferred),
  ])
  const document = ['CstmrCdtTrfInitn', [header, batch]] as const
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}">\n${indented(group(...document))}\n</Document>\n`
}

function transferred({ ref, to, amountCents, message }: Transfer): string {
  if (amountCents <= 0) throw new RangeError(`${ref} pays nothing`)
  return group('CdtTrfTxInf', [
    group('PmtId', [element('InstrId', reference(ref)), element('EndToEndId', reference(ref))]),
    group('Amt', [`<InstdAmt Ccy="EUR">${decimal(amountCents)}</InstdAmt>`]),
    ...(to.bic ? [group('CdtrAgt', [group('FinInstnId', [element('BICFI', to.bic)])])] : []),
    group('Cdtr', [element('Nm', name(to)), ...address(to)]),
    account('CdtrAcct', to),
    group('RmtInf', [element('Ustrd', sepaText(message, LONGEST_MESSAGE))]),
  ])
}

function account(tag: string, { iban, name: holder }: Party): string {
  if (!isValidIBAN(iban)) throw new RangeError(`the IBAN of ${holder} is not valid`)
  return group(tag, [group('Id', [element('IBAN', iban)])])
}

const bankOf = ({ bic }: Party) =>
  bic ? element('BICFI', bic) : group('Othr', [element('Id', 'NOTPROVIDED')])

function name({ name: holder }: Party): string {
  const said = sepaText(holder, LONGEST_NAME)
  if (!said) throw new RangeError(`"${holder}" cannot be written in a SEPA message`)
  return said
}

function reference(text: string): string {
  if (sepaText(text, LONGEST_REFERENCE) !== text) throw new RangeError(`"${text}" is no SEPA reference`)
  return text
}

/**
 * A hybrid address: postcode, town and country apart, the rest in at most two lines. One whose last
 * line is not a French postcode and town is left out, as the profile allows: a wrong one is worse.
 */
function address({ addressLines }: Party): string[] {
  const [, postcode, town] = /^(\d{5})\s+(.+)$/.exec(addressLines.at(-1)?.trim() ?? '') ?? []
  if (!postcode || !town) return []
  const lines = addressLines.slice(0, -1).map((line) => sepaText(line, 70))
  return [
    group('PstlAdr', [
      element('PstCd', postcode),
      element('TwnNm', sepaText(town, 35)),
      element('Ctry', 'FR'),
      ...lines
        .filter(Boolean)
        .slice(0, 2)
        .map((line) => element('AdrLine', line)),
    ]),
  ]
}

/** No text needs escaping: the SEPA set has neither `&` nor `<`. An apostrophe is plain inside an element. */
const element = (tag: string, text: string) => `<${tag}>${text}</${tag}>`

const group = (tag: string, parts: readonly string[]) => `<${tag}>\n${indented(parts.join('\n'))}\n</${tag}>`

const indented = (text: string) => text.replace(/^/gm, '  ')

const decimal = (amount: Cents) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
