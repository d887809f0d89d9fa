import { useDriver } from '#deliveries/drivers/registry'
import { printFolder } from '#config/print'
import { printDriver } from '#registered_mail/print_driver'
import { folderProvider } from '#registered_mail/providers/folder'
import type { PostalProvider, WebhookReader } from '#registered_mail/providers/provider'
import type { Route } from '#registered_mail/routing'

export type CarrierName = Exclude<Route, 'manual'>

/** What is known of a route that is not by hand. */
export interface Carrier {
  /** Null while something is missing: its letters then wait. */
  provider: PostalProvider | null
  webhook: WebhookReader | null
  /** The variables of the environment that it lacks. */
  missing: string[]
}

const carriers = new Map<CarrierName, Carrier>()

/** Sets what carries a route, also in the outbox. */
export function useCarrier(name: CarrierName, carrier: Carrier) {
  carriers.set(name, carrier)
  useDriver('print', carrier.provider && printDriver(carrier.provider), name)
}

export const carrierOf = (name: CarrierName): Carrier =>
  carriers.get(name) ?? { provider: null, webhook: null, missing: [] }

useCarrier('folder', {
  provider: printFolder ? folderProvider(printFolder) : null,
  webhook: null,
  missing: printFolder ? [] : ['PRINT_FOLDER'],
})
