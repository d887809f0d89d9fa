import { createHash, createHmac } from 'node:crypto'
import { ProviderServer, type ProviderReply, type ProviderRequest } from '#tests/fakes/provider_server'

const PREFIX = '/api/1.2/prod/service'
const MODES = ['normal', 'suivi', 'lrar', 'lrare', 'ere_otp_mail', 'ere_otp_sms']
const ADDRESS_KEYS = [
  'civilite',
  'nom',
  'prenom',
  'societe',
  'adresse1',
  'adresse2',
  'adresse3',
  'cp',
  'ville',
  'pays',
]
const SIGNATURE_SECONDS = 300

type Address = Record<string, string | number>

/** One letter that would be printed and posted, or sent by email. */
export interface MerciFacteurLetter {
  id: number
  key: string
  mode: string
  sender: Address
  recipient: Address
  pdfSha256: string
  printSides: string
  designation: string
  trackingNumber: string | null
  /** Every status it went through, with its Unix seconds. */
  history: { status: string; at: number }[]
}

class Declined extends Error {
  constructor(
    readonly code: string,
    readonly status = 400
  ) {
    super(code)
  }
}

/**
 * Merci Facteur's API 1.2 on loopback, as strict as its guides say: signed
 * sign-in, form-encoded JSON texts, every key of an address, no empty list, one letter per
 * `antidoublon`.
 */
export class FakeMerciFacteur extends ProviderServer {
  readonly serviceId = 'svc-1234'
  readonly secretKey = 'cle-tres-secrete'
  readonly webhookSecret = 'secret-webhook-123456789'
  readonly letters: MerciFacteurLetter[] = []
  /** `antidoublon` asked for again. */
  repeats = 0
  signIns = 0
  proofs = new Map<string, Buffer>()

  #tokens = new Set<string>()
  #nextId = 5001

  get settings() {
    return {
      apiBase: `${this.origin}${PREFIX}`,
      serviceId: this.serviceId,
      secretKey: this.secretKey,
      userId: '17460',
      senderEmail: 'agence@exemple.fr',
      authorizedIp: '111.111.111',
    }
  }

  override expireTokens() {
    this.#tokens.clear()
  }

  lettersUnder = (key: string) => this.letters.filter((letter) => letter.key === key)

  /** A letter goes on; a printed one of a followed mode has its number. */
  advance(letter: MerciFacteurLetter, ...statuses: string[]) {
    for (const status of statuses) {
      if (status !== 'wait' && letter.mode !== 'normal')
        letter.trackingNumber ??= `2C${letter.id}`.padEnd(13, '0')
      letter.history.push({ status, at: 1_790_000_000 + letter.history.length * 3600 })
    }
  }

  /** What it posts of each status of a letter: a form, whose fields are JSON texts. */
  webhooks(letter: MerciFacteurLetter): { headers: Record<string, string>; body: string }[] {
    return letter.history.map(({ status, at }) => {
      const event = { name_event: eventOf(status), id_user: 17460, date_event: at }
      const detail = [
        {
          ...letter.recipient,
          ref_courrier: `${letter.id}-1`,
          mode_envoi: letter.mode,
          id_envoi: String(letter.id),
          statut_courrier: status,
          statut_description: `01/09/2026 : ${status}`,
          ref_interne: letter.recipient.reference,
          tracking_number: status === 'wait' ? null : letter.trackingNumber,
        },
      ]
      return {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-mf-webhook-secret-key': this.webhookSecret,
        },
        body: new URLSearchParams({
          event: JSON.stringify(event),
          detail: JSON.stringify(detail),
        }).toString(),
      }
    })
  }

  protected handle(request: ProviderRequest): ProviderReply {
    try {
      return { status: 200, json: { success: true, error: null, ...this.#operation(request) } }
    } catch (error) {
      if (!(error instanceof Declined)) throw error
      const json = { success: false, error: { code: error.code, text: `Erreur : ${error.code}` } }
      return { status: error.status, json }
    }
  }

  #operation(request: ProviderRequest): object {
    const name = request.path.slice(PREFIX.length)
    if (name === '/getToken') return this.#signIn(request)
    const { 'ww-access-token': token, 'ww-service-id': service } = request.headers
    if (service !== this.serviceId || !this.#tokens.has(String(token))) {
      throw new Declined('INVALID_ACCESS_TOKEN', 401)
    }
    if (name === '/sendCourrier' && request.method === 'POST') return this.#send(request)
    if (name === '/getQuotaCompte') return { quotas: { plan: { name: 'pro' } } }
    if (name === '/listEnvois') return this.#list()
    if (name === '/getEnvoi') return { envoi: this.#sending(this.#letterOf(request)) }
    if (name === '/getSuiviEnvoi') return this.#tracking(this.#letterOf(request))
    if (name === '/getProof') return this.#proof(request)
    throw new Declined('UNKNOWN_OPERATION', 404)
  }

  #signIn({ headers }: ProviderRequest) {
    const seconds = Number(headers['ww-timestamp'])
    const signed = createHmac('sha256', this.secretKey).update(`${this.serviceId}${seconds}`).digest('hex')
    const late = Math.abs(Date.now() / 1000 - seconds) > SIGNATURE_SECONDS
    const authentic =
      headers['ww-service-signature'] === signed && headers['ww-service-id'] === this.serviceId
    if (late || !authentic || !headers['ww-authorized-ip']) throw new Declined('INVALID_SIGNATURE', 401)
    this.signIns += 1
    const token = `jeton-${this.signIns}`
    this.#tokens.add(token)
    return { token, expire: Math.floor(Date.now() / 1000) + 86_400 }
  }

  #send(request: ProviderRequest) {
    if (!/^application\/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')) {
      throw new Declined('INVALID_CONTENT_TYPE')
    }
    const form = new URLSearchParams(request.body.toString('utf8'))
    const letter = readLetter(form)
    if (this.lettersUnder(letter.key).length > 0) {
      this.repeats += 1
      throw new Declined('ANTIDOUBLON_ALREADY_USED')
    }
    const id = this.#nextId++
    this.letters.push({ ...letter, id, trackingNumber: null, history: [] })
    this.advance(this.letters.at(-1)!, 'wait')
    return { envoi_id: id, price: { total: { ht: 1, ttc: 1.2 } }, resume: { nb_dest: 1, nb_page: 1 } }
  }

  #letterOf({ query }: ProviderRequest): MerciFacteurLetter {
    const letter = this.letters.find(({ id }) => String(id) === query.get('idEnvoi'))
    if (!letter) throw new Declined('INVALID_ID_ENVOI')
    return letter
  }

  #list() {
    const envois = this.letters.slice(-50).map(({ id, mode, history }) => ({
      idEnvoi: id,
      modeEnvoi: mode,
      nbDest: 1,
      date: history[0]!.at + id,
    }))
    return { envois }
  }

  /** Its answer has no reference of ours, as described. */
  #sending({ id, mode, recipient: { reference, consent, ...dest } }: MerciFacteurLetter) {
    void reference
    void consent
    return { general: { idEnvoi: id, modeEnvoi: mode }, detail: [{ ref_courrier: `${id}-1`, dest }] }
  }

  #tracking(letter: MerciFacteurLetter) {
    const returned = letter.history.some(({ status }) => status === 'distribue_expediteur')
    const signed = letter.history.some(({ status }) => status === 'retour_are')
    return {
      statutPrintEnvoi: letter.history.some(({ status }) => status === 'imprime') ? 'imprime' : 'wait',
      suiviCourrier: [
        {
          dest: letter.recipient.nom || letter.recipient.societe,
          ref_courrier: `${letter.id}-1`,
          ref_tracking: letter.trackingNumber,
          mode_envoi: letter.mode,
          last_state: letter.history.at(-1)!.status,
          historique: JSON.stringify(letter.history.map(({ status, at }) => ({ date: at, statut: status }))),
          pnd: letter.mode === 'normal' ? null : returned ? '1' : '0',
          are_base64_jpeg: letter.mode === 'lrare' ? (signed ? SCAN.toString('base64') : 'pending') : null,
        },
      ],
    }
  }

  #proof({ query }: ProviderRequest) {
    const proof = this.proofs.get(`${query.get('trackingNumber')} ${query.get('document')}`)
    if (!proof) throw new Declined('PROOF_NOT_AVAILABLE')
    const format = proof.subarray(0, 4).toString('latin1') === '%PDF' ? 'pdf' : 'jpeg'
    return { format_return: format, document: proof.toString('base64') }
  }
}

/** The smallest thing that begins like a JPEG. */
export const SCAN = Buffer.from('ffd8ffe000104a46494600ffd9', 'hex')

function readLetter(form: URLSearchParams): Omit<MerciFacteurLetter, 'id' | 'trackingNumber' | 'history'> {
  if (!/^\d+$/.test(form.get('idUser') ?? '')) throw new Declined('INVALID_ID_USER')
  const mode = form.get('modeEnvoi') ?? ''
  if (!MODES.includes(mode)) throw new Declined('INVALID_MODE_ENVOI')
  if (form.has('dateEnvoi')) throw new Declined('INVALID_DATE_ENVOI')
  const key = form.get('antidoublon') ?? ''
  if (key.length > 200) throw new Declined('INVALID_REFERENCE')
  const { exp, dest } = JSON.parse(form.get('adress') ?? '{}') as { exp: Address; dest: Address[] }
  if (!Array.isArray(dest) || dest.length !== 1) throw new Declined('INVALID_DEST')
  const recipient = dest[0]!
  checkAddress(exp)
  checkAddress(recipient)
  if (!/^[\w -]{0,30}$/.test(String(recipient.reference))) throw new Declined('INVALID_REFERENCE')
  if (mode.startsWith('ere') && (!exp.email || !recipient.email)) throw new Declined('INFO_ADDRESS_MISSING')
  if (mode.startsWith('ere') && !recipient.societe && recipient.consent !== 1)
    throw new Declined('CONSENT_MISSING')
  const { pdf, printSides } = readContent(form.get('content') ?? '{}')
  return {
    key,
    mode,
    sender: exp,
    recipient,
    pdfSha256: createHash('sha256').update(pdf).digest('hex'),
    printSides,
    designation: form.get('designation') ?? '',
  }
}

function checkAddress(address: Address) {
  if (ADDRESS_KEYS.some((key) => typeof address?.[key] !== 'string'))
    throw new Declined('INFO_ADDRESS_MISSING')
  const { nom, societe, cp, ville, pays } = address
  if (!(nom || societe) || !cp || !ville || !pays) throw new Declined('INFO_ADDRESS_MISSING')
}

function readContent(text: string) {
  const { letter, photo, card } = JSON.parse(text)
  if (photo !== '' || card !== '' || letter?.files !== '') throw new Declined('LETTER_INVALID_FILES')
  if (!Array.isArray(letter.base64files) || letter.base64files.length !== 1) {
    throw new Declined('LETTER_INVALID_BASE64_FILES')
  }
  const pdf = Buffer.from(letter.base64files[0], 'base64')
  if (!pdf.toString('latin1').startsWith('%PDF')) throw new Declined('LETTER_INVALID_BASE64_FILES')
  if (!['recto', 'rectoverso'].includes(letter.print_sides)) throw new Declined('INVALID_PRINT_SIDES')
  if (String(letter.final_filename).length > 50) throw new Declined('INVALID_FILENAME')
  return { pdf, printSides: String(letter.print_sides) }
}

const EVENTS: Record<string, string> = {
  wait: 'new',
  imprime: 'printed',
  envoye: 'sended',
  distribue: 'delivered',
  accepted: 'delivered',
  accepted_downloaded: 'delivered',
  distribue_expediteur: 'pnd',
  archivage_pnd: 'pnd',
  expired: 'pnd',
  refused: 'pnd',
  retour_are: 'are',
  scan_pdd: 'pdd',
  probleme_en_cours: 'error',
  non_distribuable: 'error',
  retour_expediteur: 'error',
  accept_lock: 'error',
  accept_notification_error: 'error',
}

const eventOf = (status: string) => EVENTS[status] ?? 'new-state'
