import { randomInt } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Account, type StripeEvent } from './stripe/account.js'
import { answerTo } from './stripe/api.js'
import { CALM_WEBHOOKS, Deliverer, type WebhookFaults } from './stripe/deliverer.js'
import { Refusal } from './stripe/errors.js'
import { parseForm, textAt } from './stripe/form.js'
import { Idempotency } from './stripe/idempotency.js'
import type { Session } from './stripe/objects.js'
import { onboardingPage } from './stripe/onboarding_page.js'
import { closedPage, PAGE_POLICY, paymentPage, type PageProblem } from './stripe/payment_page.js'
import { randomText, seeded } from './stripe/random.js'

/** How badly the API answers. Rates are shares between 0 and 1. */
export interface ApiFaults {
  /** The request is done, then the connection is cut before the answer. */
  dropReplyRate: number
  /** A 500 before anything is done; Stripe keeps it for the idempotency key. */
  serverErrorRate: number
  /** The request is done, yet a 500 is answered, and kept for the key. */
  brokenReplyRate: number
  /** Every answer waits this long. */
  slowMs: number
}

const CALM_API: ApiFaults = { dropReplyRate: 0, serverErrorRate: 0, brokenReplyRate: 0, slowMs: 0 }

export interface SimulatorOptions {
  port?: number
  secretKey?: string
  /** Where events go; none are sent without it. It may be set later. */
  webhookUrl?: string | null
  webhookSecret?: string
  connectWebhookSecret?: string
  /** The same seed gives the same ids and the same faults. */
  seed?: number
  /** Milliseconds since the epoch. */
  now?: () => number
  /** How long a SEPA debit stays "in progress" by itself; null leaves it to `settle`. */
  settleDebitsAfterMs?: number | null
}

/**
 * Starts a Stripe of our own on the loopback interface, for development, the
 * demo and tests: the API of a Checkout payment and of creditors' own accounts,
 * their hosted pages, and signed webhooks.
 *
 * @throws when NODE_ENV is production
 */
export async function startStripeSimulator(options: SimulatorOptions = {}): Promise<StripeSimulator> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('the Stripe simulator moves no money and never runs in production')
  }
  const simulator = new StripeSimulator(options)
  await simulator.listen(options.port ?? 0)
  return simulator
}

const MAX_BODY_BYTES = 1_000_000

export class StripeSimulator {
  readonly seed: number
  readonly secretKey: string
  readonly webhookSecret: string
  /** Of the endpoint that hears of connected accounts, at the same address. */
  readonly connectWebhookSecret: string
  webhookUrl: string | null
  apiFaults: ApiFaults = { ...CALM_API }
  webhookFaults: WebhookFaults = { ...CALM_WEBHOOKS }
  /** Requests that reached the API, in order. */
  readonly requests: { method: string; path: string; idempotencyKey: string | null }[] = []
  readonly account: Account
  readonly deliverer: Deliverer

  readonly #random
  readonly #faultRandom
  readonly #settleAfterMs: number | null
  readonly #idempotency = new Idempotency()
  readonly #sockets = new Set<Socket>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #server: Server

  constructor(options: SimulatorOptions) {
    this.seed = options.seed ?? randomInt(2 ** 31)
    this.secretKey = options.secretKey ?? 'sk_test_simulator'
    this.webhookSecret = options.webhookSecret ?? 'whsec_simulator'
    this.connectWebhookSecret = options.connectWebhookSecret ?? 'whsec_connect_simulator'
    this.webhookUrl = options.webhookUrl ?? null
    this.#settleAfterMs = options.settleDebitsAfterMs ?? null
    this.#random = seeded(this.seed)
    this.#faultRandom = seeded(this.seed + 1)
    const now = options.now ?? Date.now
    const seconds = () => Math.floor(now() / 1000)
    this.deliverer = new Deliverer(
      seeded(this.seed + 2),
      seconds,
      ({ account }) => ({
        url: this.webhookUrl,
        secret: account ? this.connectWebhookSecret : this.webhookSecret,
      }),
      () => this.webhookFaults
    )
    this.account = new Account(
      this.#random,
      seconds,
      () => this.url,
      (event) => this.#happened(event)
    )
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error) => response.destroy(error))
    })
    // Closing an idle connection races with its next request; `stop` closes them all.
    this.#server.keepAliveTimeout = 0
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  /** What STRIPE_API_BASE takes. */
  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  listen(port: number) {
    return new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => resolve())
    })
  }

  async stop() {
    for (const timer of this.#timers) clearTimeout(timer)
    await this.deliverer.stop()
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #happened(event: StripeEvent) {
    this.deliverer.dispatch(event)
    if (event.type !== 'payment_intent.processing' || this.#settleAfterMs === null) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.account.settle(event.data.object.id)
    }, this.#settleAfterMs)
    this.#timers.add(timer)
  }

  async #serve(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', this.url)
    const body = await readBody(request)
    if (url.pathname.startsWith('/c/pay/')) return this.#serveHostedPage(request, response, url, body)
    if (url.pathname.startsWith('/setup/c/')) return this.#serveOnboarding(request, response, url, body)
    const requestId = `req_${randomText(this.#random, 14)}`
    response.setHeader('request-id', requestId)
    response.setHeader('stripe-version', request.headers['stripe-version'] ?? '')
    try {
      await this.#serveApi(request, response, url, body)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      sendJson(response, error.status, { error: error.body })
    }
  }

  async #serveApi(request: IncomingMessage, response: ServerResponse, url: URL, body: string) {
    this.#authenticate(request)
    const method = request.method ?? 'GET'
    const key = method === 'POST' ? ((request.headers['idempotency-key'] as string) ?? null) : null
    this.requests.push({ method, path: url.pathname, idempotencyKey: key })
    const { slowMs, serverErrorRate, brokenReplyRate, dropReplyRate } = this.apiFaults
    const form = parseForm(method === 'POST' ? body : url.search.slice(1))
    const { answer, replayed } = await this.#idempotency.once(
      key,
      `${method} ${url.pathname} ${body}`,
      async () => {
        if (slowMs > 0) await sleep(slowMs)
        if (this.#faultRandom() < serverErrorRate) throw serverError()
        const done = answerTo(this.account, { method, path: url.pathname, form })
        if (this.#faultRandom() < brokenReplyRate) throw serverError()
        return done
      }
    )
    if (key) response.setHeader('idempotency-key', key)
    if (replayed) response.setHeader('idempotent-replayed', 'true')
    if (this.#faultRandom() < dropReplyRate) return request.socket.destroy()
    sendJson(response, answer.status, answer.body)
  }

  #authenticate(request: IncomingMessage) {
    const given = request.headers.authorization ?? ''
    const basic = given.startsWith('Basic ') && Buffer.from(given.slice(6), 'base64').toString().split(':')[0]
    const key = basic || given.replace(/^Bearer /, '')
    if (key === this.secretKey) return
    const message = key
      ? `Invalid API Key provided: ${key.slice(0, 8)}****`
      : 'You did not provide an API key. You need to provide your API key in the Authorization header.'
    throw new Refusal(401, { type: 'invalid_request_error', message })
  }

  #serveHostedPage(request: IncomingMessage, response: ServerResponse, url: URL, body: string) {
    const session = this.account.sessions.get(decodeURIComponent(url.pathname.slice('/c/pay/'.length)))
    if (!session) return sendHtml(response, 404, '<!doctype html><title>404</title>')
    if (this.account.session(session.id).status !== 'open') {
      return sendHtml(response, 200, closedPage(session))
    }
    const problem = request.method === 'POST' ? this.#pay(session, body) : null
    if (request.method !== 'POST' || problem) {
      const intent = session.payment_intent as string | null
      const description =
        (intent && this.account.intent(intent).description) ?? this.account.titleOf(session.id)
      return sendHtml(response, problem ? 402 : 200, paymentPage(session, description, problem))
    }
    response.writeHead(303, {
      location: session.success_url!.replace('{CHECKOUT_SESSION_ID}', session.id),
    })
    response.end()
  }

  /** A link serves once: whoever comes again is sent to ask for another. */
  #serveOnboarding(request: IncomingMessage, response: ServerResponse, { pathname }: URL, body: string) {
    const { onboarding } = this.account
    const link = onboarding.links.get(pathname)
    if (!link) return sendHtml(response, 404, '<!doctype html><title>404</title>')
    const goTo = (location: string) => void response.writeHead(303, { location }).end()
    if (request.method !== 'POST') {
      const opened = onboarding.open(pathname)
      return opened ? sendHtml(response, 200, onboardingPage(opened.account, null)) : goTo(link.refreshUrl)
    }
    const sent = onboarding.submit(pathname, parseForm(body))
    if (!sent) return goTo(link.refreshUrl)
    return sent.problem
      ? sendHtml(response, 422, onboardingPage(sent.account, sent.problem))
      : goTo(link.returnUrl)
  }

  #pay(session: Session, body: string): PageProblem | null {
    const form = parseForm(body)
    if (textAt(form, 'method') === 'sepa_debit') {
      const iban = (textAt(form, 'iban') ?? '').replace(/\s/g, '').toUpperCase()
      if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(iban)) {
        return { method: 'sepa_debit', message: 'Cet IBAN est incomplet.' }
      }
      this.account.payBySepaDebit(session.id, iban)
      return null
    }
    const number = (textAt(form, 'number') ?? '').replace(/\s/g, '')
    if (!passesLuhn(number)) return { method: 'card', message: 'Ce numéro de carte est incorrect.' }
    const decline = this.account.payByCard(session.id, number, expiryOf(textAt(form, 'expiry')))
    return decline === null ? null : { method: 'card', message: `Carte refusée : ${decline}` }
  }
}

/** `12 / 34`, as the page has it. */
function expiryOf(typed: string | null) {
  const [month, year] = (typed ?? '').split('/').map((part) => Number(part.trim()))
  return month && year ? { month, year: 2000 + (year % 100) } : undefined
}

const serverError = () =>
  new Refusal(500, { type: 'api_error', message: 'An unknown error occurred (simulated).' }, true)

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).byteLength
    if (bytes > MAX_BODY_BYTES) throw new Error('request body too large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function sendJson(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body, null, 2))
}

function sendHtml(response: ServerResponse, status: number, html: string) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  response.end(html)
}

function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false
  const sum = [...number].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
