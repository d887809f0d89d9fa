import { listAt, metadataAt, numberAt, recordAt, textAt, type FormRecord } from './form.js'
import { invalid, missingParameter } from './errors.js'

/** What POST /v1/checkout/sessions asked for, once checked. */
export interface CheckoutRequest {
  /** `setup` takes no money: it only keeps a card or a mandate for a customer. */
  mode: 'payment' | 'setup'
  items: { name: string; unitAmount: number; quantity: number }[]
  currency: string
  successUrl: string
  cancelUrl: string | null
  clientReferenceId: string | null
  customerEmail: string | null
  metadata: Record<string, string>
  intentMetadata: Record<string, string>
  intentDescription: string | null
  paymentMethodTypes: string[]
  /** `off_session`: what is paid with may be charged again without the customer. */
  setupFutureUsage: string | null
  /** A connected account the money is transferred to, and the one that is the merchant. */
  destination: string | null
  onBehalfOf: string | null
  customer: string | null
  customerCreation: string | null
  locale: string | null
  submitType: string | null
  expiresAt: number
}

const KNOWN_PARAMETERS = new Set([
  'mode',
  'currency',
  'line_items',
  'success_url',
  'cancel_url',
  'client_reference_id',
  'customer',
  'customer_creation',
  'customer_email',
  'metadata',
  'payment_intent_data',
  'setup_intent_data',
  'payment_method_types',
  'locale',
  'submit_type',
  'expires_at',
  'expand',
])

const HALF_AN_HOUR = 30 * 60
const A_DAY = 24 * 60 * 60

/** Stripe's least charge in euros. */
const LEAST_CENTS = 50

/**
 * Checks a request as Stripe does, with its own words where they are known.
 * The whole second in which a client computed "in 30 minutes" is forgiven.
 */
export function readCheckoutRequest(form: FormRecord, now: number): CheckoutRequest {
  const unknown = Object.keys(form).find((name) => !KNOWN_PARAMETERS.has(name))
  if (unknown)
    throw invalid(`Received unknown parameter: ${unknown}`, { code: 'parameter_unknown', param: unknown })
  const mode = textAt(form, 'mode')
  if (mode !== 'payment' && mode !== 'setup') {
    throw invalid('This simulator only takes `mode: payment` and `mode: setup`.', { param: 'mode' })
  }
  const successUrl = textAt(form, 'success_url')
  if (!successUrl) throw missingParameter('success_url')
  for (const param of ['success_url', 'cancel_url']) assertUrl(textAt(form, param), param)

  const { items, currency } = mode === 'setup' ? readSetup(form) : readLineItems(form)
  const reference = textAt(form, 'client_reference_id')
  if (reference && reference.length > 200) {
    throw invalid('Invalid string: client_reference_id must be at most 200 characters', {
      param: 'client_reference_id',
    })
  }
  const intentData = recordAt(form, 'payment_intent_data')
  const customer = textAt(form, 'customer')
  const customerCreation = textAt(form, 'customer_creation')
  if (customer && (customerCreation || textAt(form, 'customer_email'))) {
    throw invalid('You may only specify one of these parameters: customer, customer_creation.', {
      code: 'parameters_exclusive',
      param: 'customer',
    })
  }
  return {
    mode,
    items,
    currency,
    successUrl,
    cancelUrl: textAt(form, 'cancel_url'),
    clientReferenceId: reference,
    customerEmail: textAt(form, 'customer_email'),
    metadata: readMetadata(form, 'metadata'),
    intentMetadata: readMetadata(intentData, 'metadata'),
    intentDescription: textAt(intentData, 'description'),
    setupFutureUsage: readUsage(intentData),
    destination: textAt(recordAt(intentData, 'transfer_data'), 'destination'),
    onBehalfOf:
      textAt(intentData, 'on_behalf_of') ?? textAt(recordAt(form, 'setup_intent_data'), 'on_behalf_of'),
    customer,
    customerCreation,
    paymentMethodTypes: readMethodTypes(form),
    locale: textAt(form, 'locale'),
    submitType: textAt(form, 'submit_type'),
    expiresAt: readExpiry(form, now),
  }
}

function readSetup(form: FormRecord) {
  const unexpected = ['line_items', 'payment_intent_data', 'submit_type'].find((name) => name in form)
  if (unexpected)
    throw invalid(`You can not pass \`${unexpected}\` in \`setup\` mode.`, { param: unexpected })
  const currency = textAt(form, 'currency')
  if (!currency) throw missingParameter('currency')
  if (!textAt(form, 'customer')) throw missingParameter('customer')
  return { items: [], currency: currency.toLowerCase() }
}

function readLineItems(form: FormRecord) {
  const lines = listAt(form, 'line_items')
  if (lines.length === 0) throw missingParameter('line_items')
  const items = lines.map((line, index) => {
    const record = line as FormRecord
    const price = recordAt(record, 'price_data')
    const at = `line_items[${index}]`
    const currency = textAt(price, 'currency')?.toLowerCase()
    if (!currency) throw missingParameter(`${at}[price_data][currency]`)
    const unitAmount = numberAt(price, 'unit_amount')
    if (unitAmount === null) throw missingParameter(`${at}[price_data][unit_amount]`)
    if (unitAmount < 0) {
      throw invalid('Invalid non-negative integer', {
        code: 'parameter_invalid_integer',
        param: `${at}[price_data][unit_amount]`,
      })
    }
    const name = textAt(recordAt(price, 'product_data'), 'name')
    if (!name) throw missingParameter(`${at}[price_data][product_data][name]`)
    const quantity = numberAt(record, 'quantity')
    if (quantity === null || quantity < 1) throw missingParameter(`${at}[quantity]`)
    return { name, unitAmount, quantity, currency }
  })
  const currencies = new Set(items.map((item) => item.currency))
  if (currencies.size > 1) throw invalid('All line items must share one currency.', { param: 'line_items' })
  const total = items.reduce((sum, item) => sum + item.unitAmount * item.quantity, 0)
  if (total < LEAST_CENTS) {
    throw invalid('The Checkout Session’s total amount due must add up to at least €0.50 eur', {
      code: 'amount_too_small',
    })
  }
  return { items, currency: items[0]!.currency }
}

export function readMetadata(form: FormRecord, key: string) {
  const metadata = metadataAt(form, key)
  const entries = Object.entries(metadata)
  if (entries.length > 50 || entries.some(([name, value]) => name.length > 40 || value.length > 500)) {
    throw invalid('Metadata takes at most 50 keys of 40 characters, with values of 500.', { param: key })
  }
  return metadata
}

function readMethodTypes(form: FormRecord) {
  const types = listAt(form, 'payment_method_types').filter((type) => typeof type === 'string')
  const unknown = types.find((type) => type !== 'card' && type !== 'sepa_debit')
  if (unknown) throw invalid(`Invalid payment_method_types: ${unknown}`, { param: 'payment_method_types' })
  return types.length > 0 ? types : ['card', 'sepa_debit']
}

function readUsage(intentData: FormRecord) {
  const usage = textAt(intentData, 'setup_future_usage')
  if (usage !== null && usage !== 'off_session' && usage !== 'on_session') {
    throw invalid('Invalid payment_intent_data[setup_future_usage]', { param: 'payment_intent_data' })
  }
  return usage
}

function readExpiry(form: FormRecord, now: number) {
  if (form.expires_at === undefined) return now + A_DAY
  const expiresAt = numberAt(form, 'expires_at')
  if (expiresAt === null || expiresAt < now + HALF_AN_HOUR - 1 || expiresAt > now + A_DAY + 1) {
    throw invalid(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      { param: 'expires_at' }
    )
  }
  return expiresAt
}

function assertUrl(url: string | null, param: string) {
  if (url !== null && !/^https?:\/\//.test(url))
    throw invalid('Not a valid URL', { code: 'url_invalid', param })
}
