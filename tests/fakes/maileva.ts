import { createHash, randomUUID } from 'node:crypto'
import {
  addRecipient,
  checkLines,
  Declined,
  shown,
  type Fields,
  type MailevaSending,
} from '#tests/fakes/maileva_sending'
import { ProviderServer, type ProviderReply, type ProviderRequest } from '#tests/fakes/provider_server'

const TOKEN_PATH = '/auth/realms/services/protocol/openid-connect/token'
const APIS = ['/registered_mail/v4', '/mail/v2']
const DOWNLOADS: Record<string, string> = {
  download_deposit_proof: 'deposit_proof',
  download_content_proof: 'content_proof',
  download_acknowledgement_of_receipt: 'acknowledgement_of_receipt',
  download_undelivered_mail: 'undelivered_mail',
}

/**
 * Maileva on loopback: OAuth2, drafts made of a document and an addressee, one letter per
 * submitted sending. It knows no idempotency key: what makes two letters is its client's fault.
 */
export class FakeMaileva extends ProviderServer {
  readonly clientId = 'amiable'
  readonly clientSecret = 'secret-de-l-application'
  readonly username = 'agence@exemple.fr'
  readonly password = 'mot de passe très secret'
  readonly webhook = { login: 'maileva', password: 'secret-des-appels' }
  readonly sendings: MailevaSending[] = []
  readonly subscriptions: Fields[] = []
  readonly proofs = new Map<string, Buffer>()
  /** Where the application's credentials are wanted. */
  credentialsIn: 'header' | 'form' = 'header'
  /** Whether `?custom_id=` is obeyed, ignored or refused: no description says. */
  filter: 'obeyed' | 'ignored' | 'refused' = 'obeyed'
  /** Whether a draft can be deleted. */
  deletes: 'answer' | 'refuse' = 'answer'
  signIns = 0
  /** Submissions of a sending that had been submitted. */
  repeats = 0

  #tokens = new Set<string>()
  #clock = Date.parse('2026-09-01T08:00:00Z')

  get settings() {
    return {
      apiBase: this.origin,
      authBase: this.origin,
      clientId: this.clientId,
      clientSecret: this.clientSecret,
      user: { username: this.username, password: this.password },
    }
  }

  override expireTokens() {
    this.#tokens.clear()
  }

  /** The letters really made under a key. */
  lettersUnder = (customId: string) =>
    this.sendings.filter(({ fields, status }) => fields.custom_id === customId && status !== 'DRAFT')

  /** A sending goes on to a status of its own. */
  advance(sending: MailevaSending, ...statuses: string[]) {
    for (const code of statuses) {
      sending.status = code
      sending.statuses.push({ code, date: this.#now() })
    }
  }

  /** What the notification center posts of one event. */
  call(sending: MailevaSending, eventType: string, on: 'sendings' | 'recipients' = 'sendings') {
    const product = sending.api.slice(1)
    const recipientId = sending.recipients[0]?.id
    const location = `https://api.maileva.com${sending.api}/sendings/${sending.id}`
    return {
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${this.webhook.login}:${this.webhook.password}`).toString('base64')}`,
      },
      body: JSON.stringify({
        source: 'api.maileva.com',
        user_id: '12345678-c014-4923-9bb9-497addd5e901',
        client_id: this.clientId,
        event_type: eventType,
        resource_type: `${product}/${on}`,
        event_date: this.#now(),
        event_location: 'FR',
        resource_id: on === 'sendings' ? sending.id : recipientId,
        resource_location: on === 'sendings' ? location : `${location}/recipients/${recipientId}`,
        resource_custom_id: sending.fields.custom_id,
      }),
    }
  }

  protected async handle(request: ProviderRequest): Promise<ProviderReply> {
    try {
      if (request.path === TOKEN_PATH) return this.#signIn(request)
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
      if (!token || !this.#tokens.has(token)) throw new Declined(401, 'UNAUTHORIZED')
      return await this.#operation(request)
    } catch (error) {
      if (!(error instanceof Declined)) throw error
      const one = { code: error.code, message: `Erreur : ${error.code}` }
      return { status: error.status, json: error.status === 400 ? { errors: [one] } : one }
    }
  }

  #now() {
    this.#clock += 1000
    return new Date(this.#clock).toISOString()
  }

  #signIn({ body, headers }: ProviderRequest): ProviderReply {
    const form = new URLSearchParams(body.toString('utf8'))
    const basic = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64')
    const application =
      this.credentialsIn === 'header'
        ? headers.authorization === `Basic ${basic}`
        : form.get('client_id') === this.clientId && form.get('client_secret') === this.clientSecret
    const user = form.get('username') === this.username && form.get('password') === this.password
    const known =
      form.get('grant_type') === 'client_credentials' || (form.get('grant_type') === 'password' && user)
    if (!application || !known) return { status: 401, json: { error: 'unauthorized_client' } }
    this.signIns += 1
    const token = `jeton-${this.signIns}`
    this.#tokens.add(token)
    return { status: 200, json: { access_token: token, expires_in: 300, token_type: 'Bearer' } }
  }

  async #operation(request: ProviderRequest): Promise<ProviderReply> {
    if (request.path === '/notification_center/v2/subscriptions') return this.#subscription(request)
    const api = APIS.find((prefix) => request.path.startsWith(`${prefix}/`))
    if (!api) throw new Declined(404, 'NOT_FOUND')
    const [resource, id, part, partId, download] = request.path.slice(api.length + 1).split('/')
    if (resource === 'global_deposit_proofs') return this.#globalProof(request, id)
    if (resource !== 'sendings') throw new Declined(404, 'NOT_FOUND')
    if (!id) return request.method === 'POST' ? this.#create(api, request) : this.#list(api, request)

    const sending = this.sendings.find((one) => one.api === api && one.id === id)
    if (!sending) throw new Declined(404, 'SENDING_NOT_FOUND')
    if (!part && request.method === 'GET') return { status: 200, json: shown(sending) }
    if (download) return this.#download(sending, partId!, download)
    if (request.method === 'GET') return this.#listPart(sending, part!)
    if (sending.status !== 'DRAFT') {
      if (part === 'submit') this.repeats += 1
      throw new Declined(400, 'SENDING_STATUS_IS_NOT_DRAFT')
    }
    if (request.method === 'DELETE') return this.#delete(sending, part, partId)
    if (part === 'documents') return this.#addDocument(sending, request)
    if (part === 'recipients') return addRecipient(sending, request)
    return this.#submit(sending)
  }

  #create(api: string, { body }: ProviderRequest): ProviderReply {
    const fields = JSON.parse(body.toString('utf8')) as Fields
    if (!fields.name) throw new Declined(400, 'EMPTY_NAME')
    if (!/^[\w-]{1,32}$/.test(String(fields.custom_id))) throw new Declined(400, 'CUSTOM_ID_WRONG_FORMAT')
    checkLines(fields, 'sender_')
    const sending: MailevaSending = {
      id: randomUUID(),
      api,
      fields,
      status: 'DRAFT',
      createdAt: this.#now(),
      documents: [],
      recipients: [],
      progress: {},
      statuses: [],
    }
    this.sendings.push(sending)
    return {
      status: 201,
      json: shown(sending),
      headers: { location: `${this.origin}${api}/sendings/${sending.id}` },
    }
  }

  #list(api: string, { query }: ProviderRequest): ProviderReply {
    const wanted = query.get('custom_id')
    if (wanted && this.filter === 'refused') throw new Declined(400, 'UNEXPECTED_NOT_VALID_ERROR')
    const all = this.sendings.filter(
      (one) => one.api === api && !(wanted && this.filter === 'obeyed' && one.fields.custom_id !== wanted)
    )
    const start = Number(query.get('start_index') ?? 1)
    const count = Math.min(Number(query.get('count') ?? 50), 500)
    const sendings = all.slice(start - 1, start - 1 + count).map(shown)
    return { status: 200, json: { sendings, paging: { total_results: all.length } } }
  }

  #listPart(sending: MailevaSending, part: string): ProviderReply {
    const rows =
      part === 'documents'
        ? sending.documents
        : sending.recipients.map((recipient) => ({
            ...recipient,
            status: sending.status,
            ...sending.progress,
          }))
    return { status: 200, json: { [part]: rows, paging: { total_results: rows.length } } }
  }

  #delete(sending: MailevaSending, part?: string, partId?: string): ProviderReply {
    if (this.deletes === 'refuse') throw new Declined(405, 'METHOD_NOT_ALLOWED')
    if (!part) this.sendings.splice(this.sendings.indexOf(sending), 1)
    else if (part === 'recipients') sending.recipients = []
    else sending.documents = sending.documents.filter(({ id }) => id !== partId)
    return { status: 204 }
  }

  async #addDocument(sending: MailevaSending, { body, headers }: ProviderRequest): Promise<ProviderReply> {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': headers['content-type'] ?? '' },
    }).formData()
    const metadata = form.get('metadata')
    const file = form.get('document')
    if (typeof metadata !== 'string' || !(file instanceof Blob)) throw new Declined(400, 'EMPTY_METADATA')
    const { priority, name } = JSON.parse(metadata) as { priority: number; name: string }
    const bytes = Buffer.from(await file.arrayBuffer())
    if (bytes.length === 0) throw new Declined(400, 'EMPTY_DOCUMENT')
    if (!bytes.toString('latin1').startsWith('%PDF')) throw new Declined(400, 'DOCUMENT_TYPE_NOT_ACCEPTED')
    if (!(priority >= 1)) throw new Declined(400, 'INVALID_PRIORITY')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const document = { id: randomUUID(), name, size: bytes.length, sha256 }
    sending.documents.push(document)
    return { status: 201, json: { ...document, priority, type: 'application/pdf' } }
  }

  #submit(sending: MailevaSending): ProviderReply {
    if (sending.documents.length === 0) throw new Declined(400, 'EMPTY_DOCUMENT')
    if (sending.recipients.length === 0) throw new Declined(400, 'RECIPIENT_NOT_FOUND')
    this.advance(sending, 'PENDING')
    return { status: 200 }
  }

  #download(sending: MailevaSending, recipientId: string, download: string): ProviderReply {
    const proof = this.proofs.get(`${sending.id} ${DOWNLOADS[download]}`)
    if (!proof || sending.recipients[0]?.id !== recipientId) throw new Declined(404, 'NOT_FOUND')
    return { status: 200, bytes: proof }
  }

  #globalProof({ query }: ProviderRequest, id: string | undefined): ProviderReply {
    if (id) {
      const proof = this.proofs.get(`${id} global`)
      if (!proof) throw new Declined(404, 'NOT_FOUND')
      return { status: 200, bytes: proof }
    }
    const wanted = query.get('sending_id')!
    const rows = this.proofs.has(`${wanted} global`) ? [{ id: wanted, sending_id: wanted }] : []
    return { status: 200, json: { global_deposit_proofs: rows, paging: { total_results: rows.length } } }
  }

  #subscription({ method, body }: ProviderRequest): ProviderReply {
    if (method === 'GET') return { status: 200, json: { subscriptions: this.subscriptions, paging: {} } }
    const wanted = JSON.parse(body.toString('utf8')) as Fields
    if (
      wanted.resource_type === 'registered_mail/v4/recipients' &&
      wanted.event_type === 'ON_CONTENT_PROOF_RECEIVED'
    ) {
      throw new Declined(400, 'INVALID_EVENT_TYPE')
    }
    this.subscriptions.push({ id: randomUUID(), ...wanted })
    return { status: 201, json: this.subscriptions.at(-1) }
  }
}
