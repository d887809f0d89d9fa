import { ProviderServer, type ProviderReply, type ProviderRequest } from '#tests/fakes/provider_server'

const PREFIX = '/v3'

/**
 * Brevo's API of transactional SMS on loopback: an API key, a sender of letters and
 * digits, numbers without `+`, an account that may be empty. It has no idempotency
 * key: asked twice it sends twice.
 */
export class FakeBrevo extends ProviderServer {
  readonly sms: (Record<string, unknown> & { messageId: number })[] = []
  readonly apiKey = 'xkeysib-0123456789abcdef'
  credits = 100
  /** Numbers that it takes for nobody's. */
  invalid: string[] = []
  /** Says no to every text, and quotes it. */
  filters = false
  #nextId = 1_511_882_900_176_220

  get settings() {
    return { apiBase: `${this.origin}${PREFIX}`, apiKey: this.apiKey, sender: 'Amiable' }
  }

  protected handle({ method, path, headers, body }: ProviderRequest): ProviderReply {
    if (headers['api-key'] !== this.apiKey) return refusal(401, 'unauthorized', 'Key not found')
    if (method === 'GET' && path === `${PREFIX}/account`)
      return { status: 200, json: { companyName: 'Amiable' } }
    if (method !== 'POST' || path !== `${PREFIX}/transactionalSMS/send`) {
      return refusal(404, 'document_not_found', 'Not found')
    }
    return this.#send(JSON.parse(body.toString('utf8')) as Record<string, unknown>)
  }

  #send(fields: Record<string, unknown>): ProviderReply {
    if (!/^[A-Za-z0-9]{1,11}$/.test(String(fields.sender))) {
      return refusal(400, 'invalid_parameter', 'sender: only alphanumeric characters are allowed')
    }
    const recipient = String(fields.recipient)
    if (!/^[1-9]\d{5,14}$/.test(recipient) || this.invalid.includes(recipient)) {
      return refusal(400, 'invalid_parameter', 'Invalid telephone number')
    }
    if (this.filters)
      return refusal(400, 'invalid_parameter', `This content is not allowed: ${String(fields.content)}`)
    if (this.credits < 1) return refusal(402, 'not_enough_credits', 'You do not have enough SMS credits')
    this.credits -= 1
    const messageId = this.#nextId++
    this.sms.push({ ...fields, messageId })
    return { status: 201, json: { messageId } }
  }
}

const refusal = (status: number, code: string, message: string): ProviderReply => ({
  status,
  json: { code, message },
})
