import { useDriver } from '#deliveries/drivers/registry'
import {
  ar24Settings,
  ar24WebhookKey,
  mailevaSettings,
  mailevaWebhookCredentials,
  merciFacteurSettings,
  merciFacteurWebhookSecret,
} from '#config/postal'
import { printFolder } from '#config/print'
import { printDriver } from '#registered_mail/print_driver'
import { Ar24 } from '#registered_mail/providers/ar24/provider'
import { ar24Webhook } from '#registered_mail/providers/ar24/webhook'
import { Maileva } from '#registered_mail/providers/maileva/provider'
import { subscribe } from '#registered_mail/providers/maileva/subscriptions'
import { mailevaWebhook } from '#registered_mail/providers/maileva/webhook'
import { MerciFacteur } from '#registered_mail/providers/merci_facteur/provider'
import { merciFacteurWebhook } from '#registered_mail/providers/merci_facteur/webhook'
import { folderProvider } from '#registered_mail/providers/folder'
import type { PostalProvider, WebhookReader } from '#registered_mail/providers/provider'
import { isProvider, type Route } from '#registered_mail/routing'

export type CarrierName = Exclude<Route, 'manual'>

/** What is known of a route that is not by hand. */
export interface Carrier {
  /** Null while something is missing: its letters then wait. */
  provider: PostalProvider | null
  webhook: WebhookReader | null
  /** The variables of the environment that it lacks. */
  missing: string[]
  /** Asks the provider to call us at each event, where it must be asked; what it refused, in its words. */
  subscribe?: (address: string) => Promise<{ made: string[]; refused: string[] }>
}

const carriers = new Map<CarrierName, Carrier>()

/** Sets what carries a route, also in the outbox. */
export function useCarrier(name: CarrierName, carrier: Carrier) {
  carriers.set(name, carrier)
  useDriver('print', carrier.provider && printDriver(carrier.provider), name)
}

export const carrierOf = (name: CarrierName): Carrier =>
  carriers.get(name) ?? { provider: null, webhook: null, missing: [] }

/** True of a person, of ours, and of a provider that lacks nothing; what another carries waits. */
export const isCarried = (route: string) => !isProvider(route) || carrierOf(route).provider !== null

useCarrier('folder', {
  provider: printFolder ? folderProvider(printFolder) : null,
  webhook: null,
  missing: printFolder ? [] : ['PRINT_FOLDER'],
})

useCarrier('merci_facteur', {
  provider: merciFacteurSettings && new MerciFacteur(merciFacteurSettings),
  webhook: merciFacteurWebhookSecret ? merciFacteurWebhook(merciFacteurWebhookSecret) : null,
  missing: [
    ...(merciFacteurSettings ? [] : ['MERCI_FACTEUR_SERVICE_ID', 'MERCI_FACTEUR_SECRET_KEY']),
    ...(merciFacteurWebhookSecret ? [] : ['MERCI_FACTEUR_WEBHOOK_SECRET']),
  ],
})

useCarrier('ar24', {
  provider: ar24Settings && new Ar24(ar24Settings),
  webhook: ar24WebhookKey ? ar24Webhook(ar24WebhookKey) : null,
  missing: [
    ...(ar24Settings ? [] : ['AR24_TOKEN', 'AR24_PRIVATE_KEY', 'AR24_USER_ID']),
    ...(ar24WebhookKey ? [] : ['AR24_WEBHOOK_KEY']),
  ],
})

const { login, password } = mailevaWebhookCredentials
useCarrier('maileva', {
  provider: mailevaSettings && new Maileva(mailevaSettings),
  webhook: login && password ? mailevaWebhook(mailevaWebhookCredentials) : null,
  missing: [
    ...(mailevaSettings ? [] : ['MAILEVA_CLIENT_ID', 'MAILEVA_CLIENT_SECRET']),
    ...(login && password ? [] : ['MAILEVA_WEBHOOK_LOGIN', 'MAILEVA_WEBHOOK_PASSWORD']),
  ],
  ...(mailevaSettings && login && password
    ? { subscribe: (address: string) => subscribe(mailevaSettings!, address, mailevaWebhookCredentials) }
    : {}),
})
