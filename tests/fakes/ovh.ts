import { createHash } from 'node:crypto'
import { ProviderServer, type ProviderReply, type ProviderRequest } from '#tests/fakes/provider_server'

const PREFIX = '/1.0'
const SERVICE = 'sms-ab1234-1'
/** OVH lets a request be five minutes away from its clock. */
const TOLERANCE_SECONDS = 300

export interface OvhJob {
  id: number
  receiver: string
  message: string
  fields: Record<string, unknown>
}

class Declined extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string
  ) {
    super(message)
  }
}

/**
 * OVHcloud's API of SMS on loopback: its own clock, a signature that is checked over
 * the very bytes, senders that must be validated, an account that may be empty. It
 * has no idempotency key: asked twice it sends twice.
 */
export class FakeOvh extends ProviderServer {
  readonly jobs: OvhJob[] = []
  readonly senders = ['AMIABLE']
  /** By how much its clock is ahead of this machine's. */
  aheadSeconds = 0
  credits = 100
  granted = true
  /** Numbers that it takes for nobody's. */
  invalid: string[] = []
  /** Says no to every text, and quotes it. */
  quotes = false
  #nextId = 90_001

  readonly #keys = {
    appKey: 'ak-7kbG7Bk7S9Nt7ZSV',
    appSecret: 'as-EXEgWIz07P0HYwtQ',
    consumerKey: 'ck-MtSwSrPpNjqfVSm',
  }

  get settings() {
    return {
      apiBase: `${this.origin}${PREFIX}`,
      ...this.#keys,
      service: SERVICE,
      sender: null as string | null,
    }
  }

  protected handle(request: ProviderRequest): ProviderReply {
    try {
      return this.#route(request)
    } catch (error) {
      if (!(error instanceof Declined)) throw error
      return { status: error.status, json: { errorCode: error.code, message: error.message } }
    }
  }

  #route(request: ProviderRequest): ProviderReply {
    const { method, path } = request
    if (method === 'GET' && path === `${PREFIX}/auth/time`) return { status: 200, json: this.#now() }
    this.#authenticate(request)
    if (path !== `${PREFIX}/sms/${SERVICE}/jobs`)
      throw new Declined(404, 'NOT_FOUND', 'This service does not exist')
    if (method === 'GET') return { status: 200, json: this.jobs.map(({ id }) => id) }
    return { status: 200, json: this.#send(JSON.parse(request.body.toString('utf8'))) }
  }

  #now = () => Math.floor(Date.now() / 1000) + this.aheadSeconds

  #authenticate({ method, path, headers, body }: ProviderRequest) {
    const { appKey, appSecret, consumerKey } = this.#keys
    if (headers['x-ovh-application'] !== appKey)
      throw new Declined(403, 'INVALID_KEY', 'Invalid application key')
    if (headers['x-ovh-consumer'] !== consumerKey) {
      throw new Declined(403, 'NOT_CREDENTIAL', 'This credential does not exist')
    }
    const timestamp = String(headers['x-ovh-timestamp'])
    if (Math.abs(Number(timestamp) - this.#now()) > TOLERANCE_SECONDS) {
      throw new Declined(400, 'QUERY_TIME_OUT', 'Query out of time')
    }
    const signed = [appSecret, consumerKey, method, `${this.origin}${path}`, body.toString('utf8'), timestamp]
    const expected = `$1$${createHash('sha1').update(signed.join('+')).digest('hex')}`
    if (headers['x-ovh-signature'] !== expected)
      throw new Declined(400, 'INVALID_SIGNATURE', 'Invalid signature')
    if (!this.granted) throw new Declined(403, 'NOT_GRANTED_CALL', 'This call has not been granted')
  }

  #send(fields: Record<string, unknown>) {
    const { message, receivers, sender, senderForResponse } = fields as {
      message: string
      receivers: string[]
      sender?: string
      senderForResponse: boolean
    }
    if (sender && !this.senders.includes(sender))
      throw new Declined(403, 'FORBIDDEN', `Sender ${sender} does not exist`)
    if (this.quotes) throw new Declined(400, 'BAD_REQUEST', `This cannot be sent: ${message}`)
    if (senderForResponse && /https?:/.test(message)) {
      throw new Declined(400, 'BAD_REQUEST', 'cannot send contact information with shortcode')
    }
    const valid = receivers.filter((receiver) => !this.invalid.includes(receiver))
    if (valid.length > this.credits) throw new Declined(402, 'PAYMENT_REQUIRED', 'Not enough credits')
    this.credits -= valid.length
    const jobs = valid.map((receiver) => ({ id: this.#nextId++, receiver, message, fields }))
    this.jobs.push(...jobs)
    return {
      ids: jobs.map(({ id }) => id),
      validReceivers: valid,
      invalidReceivers: receivers.filter((receiver) => this.invalid.includes(receiver)),
      totalCreditsRemoved: valid.length,
    }
  }
}
