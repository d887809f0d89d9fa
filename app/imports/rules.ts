import { clock } from '#shared/clock'
import Agency from '#agency/models/agency'
import Creditor from '#creditors/models/creditor'
import type { CheckRules } from '#imports/checking/check_row'

/** The agency's settings (R16), today, and whose table it is, as the checks take them. */
export async function currentRules(creditorId: number): Promise<CheckRules> {
  const agency = await Agency.current()
  const creditor = await Creditor.findOrFail(creditorId)
  return {
    today: clock.today(),
    emailRequired: agency?.emailRequired ?? false,
    mobileRequired: agency?.mobileRequired ?? false,
    descriptionRequired: agency?.descriptionRequired ?? false,
    defaultPaymentTermDays: agency?.defaultPaymentTermDays ?? 30,
    creditorSiren: creditor.siren,
  }
}
