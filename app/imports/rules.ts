import { clock } from '#shared/clock'
import Agency from '#agency/models/agency'
import type { CheckRules } from '#imports/checking/check_row'

/** The agency's settings (R16) and today, as the checks take them. */
export async function currentRules(): Promise<CheckRules> {
  const agency = await Agency.current()
  return {
    today: clock.today(),
    emailRequired: agency?.emailRequired ?? false,
    mobileRequired: agency?.mobileRequired ?? false,
    descriptionRequired: agency?.descriptionRequired ?? false,
    defaultPaymentTermDays: agency?.defaultPaymentTermDays ?? 30,
  }
}
