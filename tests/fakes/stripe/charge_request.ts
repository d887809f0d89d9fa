import { listAt, numberAt, recordAt, textAt, type FormRecord } from './form.js'
import { readMetadata } from './checkout_request.js'
import { invalid, missingParameter } from './errors.js'

/** What POST /v1/payment_intents asked for, once checked. */
export interface ChargeRequest {
  amount: number
  currency: string
  customer: string
  paymentMethod: string
  methodTypes: string[]
  description: string | null
  metadata: Record<string, string>
  /** A connected account the money is transferred to, and the one that is the merchant. */
  destination: string | null
  onBehalfOf: string | null
}

const KNOWN_PARAMETERS = new Set([
  'amount',
  'currency',
  'customer',
  'payment_method',
  'allowed_payment_method_types',
  'off_session',
  'confirm',
  'description',
  'metadata',
  'transfer_data',
  'on_behalf_of',
  'expand',
])

/** Stripe's least charge in euros. */
const LEAST_CENTS = 50

/** Checks a charge of a customer who is not there: the only intent that is made without a page. */
export function readChargeRequest(form: FormRecord): ChargeRequest {
  const unknown = Object.keys(form).find((name) => !KNOWN_PARAMETERS.has(name))
  if (unknown)
    throw invalid(`Received unknown parameter: ${unknown}`, { code: 'parameter_unknown', param: unknown })
  for (const flag of ['off_session', 'confirm']) {
    if (textAt(form, flag) !== 'true') {
      throw invalid(`This simulator only takes intents with \`${flag}: true\`.`, { param: flag })
    }
  }
  const required = (name: string) => {
    const value = textAt(form, name)
    if (!value) throw missingParameter(name)
    return value
  }
  const amount = numberAt(form, 'amount')
  if (amount === null) throw missingParameter('amount')
  if (amount < LEAST_CENTS) {
    throw invalid('Amount must be at least €0.50 eur', { code: 'amount_too_small', param: 'amount' })
  }
  return {
    amount,
    currency: required('currency').toLowerCase(),
    customer: required('customer'),
    paymentMethod: required('payment_method'),
    methodTypes: listAt(form, 'allowed_payment_method_types').filter((type) => typeof type === 'string'),
    description: textAt(form, 'description'),
    metadata: readMetadata(form, 'metadata'),
    destination: textAt(recordAt(form, 'transfer_data'), 'destination'),
    onBehalfOf: textAt(form, 'on_behalf_of'),
  }
}
