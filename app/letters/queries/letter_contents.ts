import { addDays, isWorkingDay } from '#shared/calendar'
import { creditorReference } from '#shared/creditor_reference'
import type { CivilDate } from '#shared/clock'
import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import { loadDebts, type ClaimDebt } from '#claims/debts'
import { amountOwed } from '#claims/owed'
import { MissingRateError } from '#claims/rates'
import Mandate from '#creditors/models/mandate'
import Address from '#debtors/models/address'
import { demandFrom } from '#letters/demand'
import { isElectronic, type LetterContent, type LetterKind } from '#letters/letter_content'
import { agencyOf, partyOf } from '#letters/parties'
import { stopOf, type Stop } from '#letters/stop'

/** What is needed of a letter, stored or only imagined for a preview. */
export interface LetterSubject {
  ref: string
  claimId: number
  kind: LetterKind
  personalCode?: string | null
  datedOn: CivilDate
  /** For a preview: a file that is paused or contested is written all the same. */
  evenIfStopped?: boolean
  /** It goes by email: a paper letter that came back forbids nothing. */
  byEmail?: boolean
}

/** Why a letter is not written: it fails and a person must act, or its file stopped. */
export type Withheld = { withheld: 'failed'; reason: FailureReason } | { withheld: 'cancelled'; reason: Stop }

export type FailureReason =
  | 'agency_incomplete'
  | 'mandate_missing'
  | 'address_missing'
  | 'address_undeliverable'
  | 'rate_missing'
  | 'nothing_due'
  | 'mentions_missing'
  | 'address_incomplete'
  | 'unprintable'
  | 'template_missing'
  | 'template_altered'
  | 'template_refused'
  | 'tag_without_value'

/** Long enough to write back, and the day after which the judicial road opens (P6). */
const DAYS_TO_PAY = 15

const SLICE = 500

/**
 * The contents of many letters, in few queries, in the order asked for.
 * Amounts are cut off at each letter's date.
 *
 * @param linkFor the debtor's link to print, minted by the caller
 */
export async function loadLetterContents(
  subjects: readonly LetterSubject[],
  linkFor: (claimId: number) => string
): Promise<(LetterContent | Withheld)[]> {
  const agency = await Agency.currentOrFail()
  const claimIds = [...new Set(subjects.map(({ claimId }) => claimId))]
  const claims = await loadClaims(claimIds)
  const facts: Facts = {
    agency,
    claims,
    debts: await loadDebts(claimIds),
    mandates: await loadMandates([...claims.values()].map(({ creditorId }) => creditorId)),
    addresses: await loadAddresses([...claims.values()].map(({ debtorId }) => debtorId)),
    linkFor,
  }
  return subjects.map((subject) => contentOf(subject, facts))
}

export const isWithheld = (content: LetterContent | Withheld): content is Withheld => 'withheld' in content

interface Facts {
  agency: Agency
  claims: Map<number, Claim>
  debts: Map<number, ClaimDebt>
  mandates: Map<number, Mandate[]>
  addresses: Map<number, Address>
  linkFor: (claimId: number) => string
}

function contentOf(subject: LetterSubject, facts: Facts): LetterContent | Withheld {
  const { agency } = facts
  const claim = facts.claims.get(subject.claimId)!
  const stop = subject.evenIfStopped ? null : stopOf(claim, subject.datedOn)
  if (stop) return { withheld: 'cancelled', reason: stop }
  if (!agency.dedicatedIban) return failed('agency_incomplete')
  const mandate = facts.mandates.get(claim.creditorId)?.find((one) => inForce(one, subject.datedOn))
  if (!mandate) return failed('mandate_missing')
  const address = facts.addresses.get(claim.debtorId)
  if (!address) return failed('address_missing')
  if (address.undeliverableAt && !subject.byEmail && !isElectronic(subject.kind))
    return failed('address_undeliverable')
  const demand = demandOf(facts.debts.get(claim.id)!, subject.datedOn)
  if (!demand) return failed('rate_missing')
  if (demand.totalCents <= 0) return failed('nothing_due')

  const { creditor, debtor } = claim
  return {
    ref: subject.ref,
    claimRef: claim.ref,
    kind: subject.kind,
    personalCode: subject.personalCode ?? null,
    datedOn: subject.datedOn,
    deadlineOn: deadlineFrom(subject.datedOn),
    agency: agencyOf(agency),
    creditor: partyOf(creditor),
    mandateSignedOn: mandate.signedOn,
    debtor: {
      kind: debtor.kind,
      civility: debtor.civility,
      fullName: debtor.fullName,
      companyName: debtor.companyName,
      address: {
        street: address.street,
        complement: address.complement,
        postcode: address.postcode,
        city: address.city,
        country: address.country,
      },
    },
    firstLetter: firstLetterOf(claim, subject),
    demand,
    payment: {
      iban: agency.dedicatedIban,
      bic: agency.dedicatedBic,
      reference: creditorReference(claim.ref),
      portalUrl: facts.linkFor(claim.id),
    },
  }
}

const failed = (reason: FailureReason): Withheld => ({ withheld: 'failed', reason })

function demandOf(debt: ClaimDebt, on: CivilDate) {
  try {
    return demandFrom(amountOwed(debt, on))
  } catch (error) {
    if (error instanceof MissingRateError) return null
    throw error
  }
}

function firstLetterOf({ firstLetterRef, firstLetterOn }: Claim, { ref }: LetterSubject) {
  if (!firstLetterRef || !firstLetterOn || firstLetterRef === ref) return null
  return { ref: firstLetterRef, datedOn: firstLetterOn }
}

/** Never a Saturday, a Sunday or a holiday: nobody answers then. */
function deadlineFrom(datedOn: CivilDate): CivilDate {
  let day = addDays(datedOn, DAYS_TO_PAY)
  while (!isWorkingDay(day)) day = addDays(day, 1)
  return day
}

const inForce = ({ signedOn, endsOn }: Mandate, on: CivilDate) => signedOn <= on && (!endsOn || endsOn >= on)

async function loadClaims(ids: readonly number[]) {
  const claims = await inSlices(ids, (slice) =>
    Claim.query().whereIn('id', slice).preload('creditor').preload('debtor')
  )
  return new Map(claims.map((claim) => [claim.id, claim]))
}

/** Newest first for each creditor. */
async function loadMandates(creditorIds: readonly number[]) {
  const mandates = await inSlices([...new Set(creditorIds)], (slice) =>
    Mandate.query().whereIn('creditorId', slice).orderBy('signedOn', 'desc').orderBy('id', 'desc')
  )
  return Map.groupBy(mandates, ({ creditorId }) => creditorId)
}

/** The address in use: the one that was not replaced. */
async function loadAddresses(debtorIds: readonly number[]) {
  const addresses = await inSlices([...new Set(debtorIds)], (slice) =>
    Address.query().whereIn('debtorId', slice).whereNull('replacedAt').orderBy('id')
  )
  return new Map(addresses.map((address) => [address.debtorId, address]))
}

async function inSlices<T>(
  ids: readonly number[],
  load: (slice: number[]) => PromiseLike<T[]>
): Promise<T[]> {
  const all: T[] = []
  for (let start = 0; start < ids.length; start += SLICE)
    all.push(...(await load(ids.slice(start, start + SLICE))))
  return all
}
