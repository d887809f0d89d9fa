import { Readable } from 'node:stream'
import type SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import type { Driver, Outcome, Parcel, Session } from '#deliveries/drivers/driver'

export interface SmtpSettings {
  host: string
  port: number
  /** TLS from the first byte (smtps). */
  secure: boolean
  /** Refuse to go on in clear text when the server does not offer STARTTLS. */
  requireTls: boolean
  /** A certificate nobody vouches for is accepted: on this very machine it proves nothing anyway. */
  anyCertificate: boolean
  credentials: { user: string; pass: string } | null
}

/**
 * Everything about one parcel ends within this time, well inside a lease. A server that
 * examines what it takes answers late: what it has not answered by then is uncertain.
 */
const DEADLINE_MS = 100_000

/** Sends over SMTP, on one connection per session, kept from one parcel to the next. */
export function smtpDriver(settings: SmtpSettings, deadlineMs = DEADLINE_MS): Driver {
  return { name: 'smtp', keyed: false, open: () => new SmtpSession(settings, deadlineMs) }
}

type SmtpError = Error & { code?: string; command?: string; responseCode?: number; response?: string }

class SmtpSession implements Session {
  #connection: SMTPConnection | null = null

  constructor(
    private readonly settings: SmtpSettings,
    private readonly deadlineMs: number
  ) {}

  async send(parcel: Parcel, mayLeave: () => boolean): Promise<Outcome> {
    const endsAt = performance.now() + this.deadlineMs
    const kept = this.#connection
    const outcome = await this.#attempt(parcel, mayLeave, endsAt)
    // A server may have dropped the kept connection meanwhile: that says nothing about this parcel.
    return kept && outcome.kind === 'unreachable' ? this.#attempt(parcel, mayLeave, endsAt) : outcome
  }

  async close() {
    this.#connection?.quit()
    this.#connection = null
  }

  async #attempt(parcel: Parcel, mayLeave: () => boolean, endsAt: number): Promise<Outcome> {
    const left = () => Math.max(1, endsAt - performance.now())
    if (!this.#connection) {
      const opened = await open(this.settings, left())
      if ('kind' in opened) return opened
      this.#connection = opened
    }
    const outcome = await transmit(this.#connection, parcel, mayLeave, left())
    if (outcome.kind !== 'sent') this.#drop()
    return outcome
  }

  #drop() {
    this.#connection?.close()
    this.#connection = null
  }
}

/** The settings as nodemailer wants them, with how long each wait may last. */
export const connectionOptions = (settings: SmtpSettings, patienceMs: number) => ({
  host: settings.host,
  port: settings.port,
  secure: settings.secure,
  requireTLS: settings.requireTls,
  tls: { rejectUnauthorized: !settings.anyCertificate },
  connectionTimeout: patienceMs,
  greetingTimeout: patienceMs,
  dnsTimeout: patienceMs,
  socketTimeout: patienceMs,
})

/** A greeted and signed-in connection, or why there is none. */
async function open(settings: SmtpSettings, leftMs: number): Promise<SMTPConnection | Outcome> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection/index.js')
  const connection = new Connection({ ...connectionOptions(settings, leftMs / 3), socketTimeout: leftMs })
  return new Promise((resolve) => {
    const refuse = (error?: Error) => {
      clearTimeout(deadline)
      resolve({ kind: 'unreachable', reason: wording(error ?? new Error('closed before greeting')) })
      // Last, for it says "end" at once, which would hide why.
      connection.close()
    }
    const deadline = setTimeout(() => refuse(new Error('no greeting in time')), leftMs / 2)
    connection.on('error', refuse)
    connection.on('end', refuse)
    const ready = (error?: Error | null) => {
      if (error) return refuse(error)
      clearTimeout(deadline)
      connection.removeListener('error', refuse)
      connection.removeListener('end', refuse)
      // An idle connection that breaks is found out, and replaced, by the next parcel.
      connection.on('error', () => {})
      resolve(connection)
    }
    connection.connect((error) => {
      if (error || !settings.credentials) return ready(error)
      connection.login(settings.credentials, ready)
    })
  })
}

/**
 * One message. The body is read only once the server has said "go ahead" after
 * DATA: a connection lost before that has delivered nothing, one lost after it
 * may have delivered, whatever the library calls the error.
 */
function transmit(
  connection: SMTPConnection,
  parcel: Parcel,
  mayLeave: () => boolean,
  leftMs: number
): Promise<Outcome> {
  return new Promise((resolve) => {
    let began = false
    const settle = (outcome: Outcome) => {
      clearTimeout(deadline)
      connection.removeListener('error', lost)
      connection.removeListener('end', lost)
      resolve(outcome)
    }
    const lost = (error?: Error) =>
      settle({
        kind: began ? 'unanswered' : 'unreachable',
        reason: wording(error ?? new Error('connection closed')),
      })
    const deadline = setTimeout(() => {
      lost(new Error('no answer in time'))
      connection.close()
    }, leftMs)
    const body = bodyOf(parcel.bytes, () => {
      began = mayLeave()
      if (!began) settle({ kind: 'withheld' })
      return began
    })
    connection.on('error', lost)
    connection.on('end', lost)
    connection.send({ from: parcel.sender, to: [parcel.recipient] }, body, (error, info) => {
      settle(error ? refused(error) : { kind: 'sent', providerRef: oneLine(info.response, 255) })
    })
  })
}

/** A stream whose first read asks `mayBegin`; after a no it stays silent until the connection is closed. */
function bodyOf(bytes: Buffer, mayBegin: () => boolean): Readable {
  let asked = false
  return new Readable({
    read() {
      if (asked) return
      asked = true
      if (!mayBegin()) return
      this.push(bytes)
      this.push(null)
    },
  })
}

/** The server said no, or the message could not even be offered: it was not taken. */
function refused(error: SmtpError): Outcome {
  const code = error.responseCode ?? 0
  const reason = wording(error)
  // A refused sender is about our settings, not about this message (552: it is too large).
  if (error.command === 'MAIL FROM' && code !== 552) return { kind: 'unreachable', reason }
  if (error.code === 'ECONNECTION' || error.code === 'ETIMEDOUT') return { kind: 'unreachable', reason }
  if (error.command === 'RCPT TO' && NO_MAILBOX.test(error.response ?? ''))
    return { kind: 'no_mailbox', reason }
  return { kind: code >= 400 && code < 500 ? 'temporary' : 'permanent', reason }
}

/** RFC 3463: the address itself is at fault. A bare 550 may as well be a relay that is badly set. */
const NO_MAILBOX = /^55\d[ -]5\.1\.(?:1|2|3|6|10)\b/

const wording = (error: SmtpError) => oneLine(error.message, 200)

/** A server may answer anything: no line break or control character goes further. */
const oneLine = (text: string, length: number) => text.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, length)
