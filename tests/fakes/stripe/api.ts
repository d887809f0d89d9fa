import type { Account } from './account.js'
import type { Answer } from './idempotency.js'
import { readChargeRequest } from './charge_request.js'
import { readCheckoutRequest } from './checkout_request.js'
import { missingParameter, notFound, unknownPath } from './errors.js'
import { numberAt, textAt, type FormRecord } from './form.js'
import { expanded, ofTypes, pageOf } from './listing.js'

export interface ApiRequest {
  method: string
  path: string
  /** Body of a POST, query of a GET. */
  form: FormRecord
}

type Handler = (account: Account, form: FormRecord, id: string) => object

/** The part of Stripe's API that a Checkout payment and the charges after it use. */
const ROUTES: [method: string, path: RegExp, handler: Handler][] = [
  [
    'POST',
    /^\/v1\/checkout\/sessions$/,
    (account, form) => account.createSession(readCheckoutRequest(form, account.now())),
  ],
  [
    'GET',
    /^\/v1\/checkout\/sessions$/,
    (account, form) => pageOf('/v1/checkout/sessions', sessionsMatching(account, form), form),
  ],
  ['GET', /^\/v1\/checkout\/sessions\/([^/]+)$/, (account, _, id) => account.session(id)],
  ['POST', /^\/v1\/checkout\/sessions\/([^/]+)\/expire$/, (account, _, id) => account.expireSession(id)],
  [
    'GET',
    /^\/v1\/payment_intents$/,
    (account, form) => pageOf('/v1/payment_intents', [...account.intents.values()], form),
  ],
  ['POST', /^\/v1\/payment_intents$/, (account, form) => account.chargeCustomer(readChargeRequest(form))],
  ['POST', /^\/v1\/accounts$/, (account, form) => account.onboarding.create(form)],
  [
    'GET',
    /^\/v1\/accounts$/,
    (account, form) => pageOf('/v1/accounts', [...account.connectedAccounts.values()], form),
  ],
  ['POST', /^\/v1\/account_links$/, (account, form) => account.onboarding.link(form)],
  ['GET', /^\/v1\/accounts\/([^/]+)$/, (account, _, id) => account.connected(id)],
  ['GET', /^\/v1\/customers\/([^/]+)$/, (account, _, id) => account.customer(id)],
  ['GET', /^\/v1\/payment_methods\/([^/]+)$/, (account, _, id) => account.method(id)],
  ['GET', /^\/v1\/payment_intents\/([^/]+)$/, (account, _, id) => account.intent(id)],
  ['GET', /^\/v1\/charges\/([^/]+)$/, (account, _, id) => found(account.charges.get(id), 'charge', id)],
  ['GET', /^\/v1\/events$/, (account, form) => pageOf('/v1/events', ofTypes(account.ownEvents, form), form)],
  [
    'GET',
    /^\/v1\/events\/([^/]+)$/,
    (account, _, id) =>
      found(
        account.events.find((event) => event.id === id),
        'event',
        id
      ),
  ],
  ['GET', /^\/v1\/disputes\/([^/]+)$/, (account, _, id) => found(account.disputes.get(id), 'dispute', id)],
  ['POST', /^\/v1\/refunds$/, refund],
  ['GET', /^\/v1\/refunds\/([^/]+)$/, (account, _, id) => found(account.refunds.get(id), 'refund', id)],
]

/** @throws Refusal, which the server writes in Stripe's shape */
export function answerTo(account: Account, { method, path, form }: ApiRequest): Answer {
  for (const [verb, pattern, handler] of ROUTES) {
    const match = verb === method && pattern.exec(path)
    if (!match) continue
    const body = handler(account, form, decodeURIComponent(match[1] ?? ''))
    return { status: 200, body: expanded(body, form, (id) => objectNamed(account, id)) }
  }
  throw unknownPath(method, path)
}

function sessionsMatching(account: Account, form: FormRecord) {
  const intent = textAt(form, 'payment_intent')
  const status = textAt(form, 'status')
  return [...account.sessions.keys()]
    .map((id) => account.session(id))
    .filter((session) => !intent || session.payment_intent === intent)
    .filter((session) => !status || session.status === status)
}

function refund(account: Account, form: FormRecord) {
  const intent = textAt(form, 'payment_intent')
  if (!intent) throw missingParameter('payment_intent')
  return account.refund(intent, numberAt(form, 'amount'))
}

function found<T extends object>(object: T | undefined, what: string, id: string): T {
  if (!object) throw notFound(what, id, 'id')
  return object
}

const objectNamed = (account: Account, id: string): object | null =>
  account.intents.get(id) ??
  account.charges.get(id) ??
  account.setups.get(id) ??
  account.methods.get(id) ??
  account.customers.get(id) ??
  null
