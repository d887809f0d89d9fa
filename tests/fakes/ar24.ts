import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { ProviderServer, type ProviderReply, type ProviderRequest } from '#tests/fakes/provider_server'

const PREFIX = '/api'
const VALID_MS = 10 * 60_000
/** RFC 6238's own test secret, "12345678901234567890". */
const OTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

export interface Ar24Mail {
  id: number
  status: string
  fields: Record<string, string>
  pdfSha256: string
  date: string
  /** When each thing happened, by the field that says so; its proof is there from then on. */
  dates: Record<string, string>
}

class Declined extends Error {
  constructor(readonly slug: string) {
    super(slug)
  }
}

const STEPS: Record<string, { dated: string; proof: string }> = {
  sent: { dated: 'ts_ev_date', proof: 'proof_ev_url' },
  AR: { dated: 'view_date', proof: 'proof_ar_url' },
  refused: { dated: 'refused_date', proof: 'proof_rf_url' },
  negligence: { dated: 'negligence_date', proof: 'proof_ng_url' },
  bounced: { dated: 'bounced_date', proof: 'proof_bc_url' },
}

/**
 * AR24's API on loopback, as strict as its documentation says: form data, a date of less than ten minutes whose
 * signature is checked, encrypted answers, errors in clear, one code for an hour of sendings. It has no
 * idempotency key: asked twice it sends twice.
 */
export class FakeAr24 extends ProviderServer {
  readonly token = 'jeton-ar24'
  readonly privateKey = '7X9gx9E3Qx4EiUdB63nc'
  readonly webhookKey = 'cle-du-webhook-123456789'
  readonly mails: Ar24Mail[] = []
  identified = 0
  /** Answers its list from the oldest, whatever is asked. */
  ignoresSort = false
  #attachments = new Map<string, string>()
  #hashes = new Set<string>()
  #nextId = 7001

  get settings() {
    return {
      apiBase: `${this.origin}${PREFIX}`,
      token: this.token,
      privateKey: this.privateKey,
      userId: '4242',
      otpSecret: OTP_SECRET as string | null,
      webhook: `https://agence.exemple/webhooks/ar24?key=${this.webhookKey}` as string | null,
    }
  }

  override expireTokens() {
    this.#hashes.clear()
  }

  advance(mail: Ar24Mail, ...statuses: string[]) {
    for (const status of statuses) {
      mail.status = status
      const step = STEPS[status]
      if (step) mail.dates[step.dated] ??= `2026-11-${String(10 + Object.keys(mail.dates).length)} 09:30:00`
    }
  }

  /** What it posts at each change, whose body proves nothing. */
  webhook(mail: Ar24Mail, state = mail.status) {
    return {
      path: `/webhooks/ar24?key=${this.webhookKey}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        id_mail: String(mail.id),
        new_state: state,
        proof_url: `${this.origin}/get/proof/anything`,
      }).toString(),
    }
  }

  static proofOf = (mail: Ar24Mail, code: string) => Buffer.from(`%PDF-1.7 AR24 ${code} ${mail.id}`)

  protected async handle(request: ProviderRequest): Promise<ProviderReply> {
    const proof = /^\/get\/proof\/([a-z]{2})-(\d+)$/.exec(request.path)
    if (proof) return this.#proof(proof[1]!, Number(proof[2]))
    const fields = await fieldsOf(request)
    try {
      this.#check(request, fields)
      const result = this.#operation(request, fields)
      const text = JSON.stringify({ status: 'SUCCESS', result })
      return { status: 200, bytes: Buffer.from(this.#encrypted(text, fields.text.date!)), headers: HTML }
    } catch (error) {
      if (!(error instanceof Declined)) throw error
      return { status: 200, json: { status: 'ERROR', slug: error.slug, message: `Erreur : ${error.slug}` } }
    }
  }

  #check({ headers }: ProviderRequest, { text }: Fields) {
    if (text.token !== this.token) throw new Declined('token_invalid')
    const { date } = text
    if (!date || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(date)) throw new Declined('invalid_date')
    const age = parisNowMs() - Date.parse(`${date.replace(' ', 'T')}Z`)
    if (age > VALID_MS) throw new Declined('expired_date')
    if (age < -1000) throw new Declined('date_in_future')
    const signature = encrypt(date, sha256(this.privateKey), this.privateKey)
    if (headers.signature !== signature) throw new Declined('invalid_signature')
  }

  #operation({ method, path }: ProviderRequest, { text, file }: Fields): unknown {
    const operation = `${method} ${path.slice(PREFIX.length)}`
    if (operation === 'GET /user')
      return { id: this.#user(text), name: 'Petit Jeanne', company: 'Agence d’essai' }
    if (operation === 'POST /user/auth_otp') return this.#identify(text)
    if (operation === 'POST /attachment') return this.#attach(text, file)
    if (operation === 'POST /mail') return this.#send(text)
    if (operation === 'GET /mail') return this.#shown(this.#mailOf(text.id))
    if (operation === 'GET /user/mail') return this.#list(text)
    throw new Declined('unknown_error')
  }

  #user({ id_user: id }: Text) {
    if (id !== '4242') throw new Declined('user_unavailable')
    return Number(id)
  }

  #identify(text: Text) {
    this.#user(text)
    const now = Math.floor(Date.now() / 30_000)
    if (![now, now - 1].some((step) => codeAt(step) === text.otp))
      throw new Declined('authentication_otp_invalid')
    this.identified += 1
    const hash = sha256(`heure ${this.identified}`)
    this.#hashes.add(hash)
    return { otp_hash: hash }
  }

  #attach(text: Text, file: Buffer | null) {
    this.#user(text)
    if (!file) throw new Declined('attachment_missing_file')
    if (!text.file_name) throw new Declined('attachment_empty_name')
    const id = String(this.#nextId++)
    this.#attachments.set(id, sha256(file))
    return { file_id: Number(id) }
  }

  #send(text: Text) {
    this.#user(text)
    if (!text.to_email) throw new Declined('missing_email')
    if (/@domaine-inconnu\./.test(text.to_email)) throw new Declined('invalid_email')
    if (!['particulier', 'professionnel'].includes(text.dest_statut ?? ''))
      throw new Declined('missing_statut')
    const pdfSha256 = this.#attachments.get(text['attachment[0]'] ?? '')
    if (!pdfSha256) throw new Declined('attachment_not_exists')
    if (text.eidas !== '1') throw new Declined('unknown_error')
    if (!text.otp_hash) throw new Declined('authentication_missing')
    if (!this.#hashes.has(text.otp_hash)) throw new Declined('authentication_otp_hash_invalid')
    const date = parisText()
    const mail = { id: this.#nextId++, status: 'waiting', fields: text, pdfSha256, date, dates: {} }
    this.mails.push(mail)
    return this.#shown(mail)
  }

  #mailOf(id = ''): Ar24Mail {
    const mail = this.mails.find((one) => String(one.id) === id)
    if (!mail) throw new Declined('missing_erm_id')
    return mail
  }

  #list(text: Text) {
    this.#user(text)
    const mails = text.sort === 'DESC' && !this.ignoresSort ? this.mails.toReversed() : this.mails
    const start = Number(text.start ?? 0)
    return mails.slice(start, start + Math.min(Number(text.max ?? 10), 50)).map((mail) => this.#shown(mail))
  }

  #shown({ id, status, fields, date, dates }: Ar24Mail) {
    const proofs = Object.values(STEPS)
      .filter(({ dated }) => dates[dated])
      .map(({ proof }) => [proof, this.#proofUrl(proof, id)])
    return {
      id,
      type: 'lre',
      status,
      to_email: fields.to_email,
      dest_statut: fields.dest_statut,
      ref_dossier: fields.ref_dossier,
      is_eidas: 1,
      date,
      ...Object.fromEntries(
        Object.values(STEPS).map(({ dated }) => [dated, dates[dated] ?? '0000-00-00 00:00:00'])
      ),
      ...(dates.ts_ev_date ? { proof_dp_url: this.#proofUrl('proof_dp_url', id) } : {}),
      ...Object.fromEntries(proofs),
    }
  }

  /** Where its proofs are served from; a test may send us elsewhere. */
  proofOrigin: string | null = null

  #proofUrl = (field: string, id: number) =>
    `${this.proofOrigin ?? this.origin}/get/proof/${field.slice(6, 8)}-${id}?token=111`

  #proof(code: string, id: number): ProviderReply {
    return { status: 200, bytes: FakeAr24.proofOf(this.#mailOf(String(id)), code) }
  }

  #encrypted = (text: string, date: string) =>
    encrypt(text, sha256(`${date}${this.privateKey}`), this.privateKey)
}

const HTML = { 'content-type': 'text/html; charset=UTF-8' }

type Text = Record<string, string>
interface Fields {
  text: Text
  file: Buffer | null
}

async function fieldsOf({ method, query, headers, body }: ProviderRequest): Promise<Fields> {
  if (method === 'GET') return { text: Object.fromEntries(query), file: null }
  const type = headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return { text: {}, file: null }
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const file = form.get('file')
  return {
    text: Object.fromEntries(
      [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    ),
    file: file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : null,
  }
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

function encrypt(text: string, key: string, privateKey: string): string {
  const cipher = createCipheriv('aes-256-cbc', key.slice(0, 32), sha256(sha256(privateKey)).slice(0, 16))
  return Buffer.concat([cipher.update(text), cipher.final()]).toString('base64')
}

function codeAt(step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeUInt32BE(step, 4)
  const digest = createHmac('sha1', '12345678901234567890').update(counter).digest()
  return String((digest.readUInt32BE(digest[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const PARIS = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'medium',
})
const parisText = () => PARIS.format(new Date())
const parisNowMs = () => Date.parse(`${parisText().replace(' ', 'T')}Z`)
