import Agency from '#agency/models/agency'
import { ELECTRONIC_KINDS, type ElectronicKind } from '#letters/letter_content'
import { isCarried } from '#registered_mail/carriers'
import { electronicRouteOf } from '#registered_mail/routing'
import type Scenario from '#campaigns/models/scenario'

/** The electronic kinds of letters that steps leave by and whose carrier lacks its keys: they would wait. */
export async function uncarriedKinds(versions: readonly Scenario[]): Promise<ElectronicKind[]> {
  const agency = await Agency.current()
  const steps = versions.flatMap((version) => version.steps)
  return ELECTRONIC_KINDS.filter((kind) =>
    steps.some(
      ({ channel, route }) => channel === kind && !isCarried(route ?? electronicRouteOf(kind, agency))
    )
  )
}
