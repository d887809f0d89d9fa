import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { contactInstantFrom } from '#shared/calendar'
import { civilDateAt, type CivilDate, type Instant } from '#shared/clock'
import Agency, { type LegalRequirement } from '#agency/models/agency'
import type { ElectronicKind } from '#letters/letter_content'
import { isCarried } from '#registered_mail/carriers'
import { ELECTRONIC_ROUTES, electronicRouteOf, type ElectronicRoute } from '#registered_mail/routing'
import { isContactTime, nextContactDayAt, windowStartsAt } from '#campaigns/calendar'

/** What holds for every action looked at in one instant. */
export interface Policy {
  at: Instant
  today: CivilDate
  /** What R124-2 still asks of the agency; then nothing goes out (rule 1). */
  legalGap: LegalRequirement | null
  contactTime: boolean
  /** When contact is allowed again: `at` itself within hours. */
  contactFrom: Instant
  nextContactDayAt: Instant
  /** Contacts per person over seven days, across files, creditors and channels (rule 13). */
  cap: number
  windowStartsAt: Instant
  /** What carries each electronic kind unless its step says otherwise, and the routes whose carrier lacks its keys. */
  electronicRoutes: Record<ElectronicKind, ElectronicRoute>
  shutRoutes: readonly ElectronicRoute[]
}

export async function policyAt(trx: TransactionClientContract, at: Instant): Promise<Policy> {
  const agency = await Agency.query({ client: trx }).orderBy('id').first()
  const today = civilDateAt(at)
  return {
    at,
    today,
    legalGap: agency ? (agency.legalGaps(today)[0] ?? null) : 'insurance_missing',
    contactTime: isContactTime(at),
    contactFrom: contactInstantFrom(at),
    nextContactDayAt: nextContactDayAt(at),
    cap: agency?.contactsPerWeek ?? 0,
    windowStartsAt: windowStartsAt(at),
    electronicRoutes: { ere: electronicRouteOf('ere', agency), lre: electronicRouteOf('lre', agency) },
    shutRoutes: Object.values(ELECTRONIC_ROUTES)
      .flat()
      .filter((route) => !isCarried(route)),
  }
}
