import type Stripe from 'stripe'
import type { AccountState } from '#payments/gateway_requests'

/** What an account needs for the money of a destination charge to reach it: as Stripe's own refusal names them. */
const RECEIVING = ['transfers', 'legacy_payments'] as const

/** Stripe's account, in the few words that we act by. */
export function accountStateOf(account: Stripe.Account): AccountState {
  const { requirements, capabilities } = account
  const reached = RECEIVING.some((name) => capabilities?.[name] === 'active')
  return {
    id: account.id,
    attemptKey: account.metadata?.attempt ?? null,
    mayReceive: account.charges_enabled && reached,
    detailsSubmitted: account.details_submitted,
    wanted: [...new Set([...(requirements?.past_due ?? []), ...(requirements?.currently_due ?? [])])],
    wantedBeforeSeconds: requirements?.current_deadline ?? null,
    disabledReason: requirements?.disabled_reason ?? null,
  }
}
