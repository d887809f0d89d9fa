import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import type { Driver, Outcome, Parcel, Session } from '#deliveries/drivers/driver'

export interface SmtpSettings {
  host: string
  port: number
  /** TLS from the first byte (smtps). */
  secure: boolean
  /** Refuse to go on in clear text when the server does not offer STARTTLS. */
  requireTls: boolean
  credentials: { user: string; pass: string } | null
}

/** Everything about one parcel ends within this time, well inside a lease. */
const DEADLINE_MS = 60_000

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
    const kept = this.#connection
    const outcome = await this.#attempt(parcel, mayLeave)
    // A server may have dropped the kept connection meanwhile: that says nothing about this parcel.
    return kept && outcome.kind === 'unreachable' ? this.#attempt(parcel, mayLeave) : outcome
  }

  async close() {
    this.#connection?.quit()
    this.#connection = null
  }

  async #attempt(parcel: Parcel, mayLeave: () => boolean): Promise<Outcome> {
    if (!this.#connection) {
      const opened = await open(this.settings, this.deadlineMs)
      if ('kind' in opened) return opened
      this.#connection = opened
    }
    const outcome = await transmit(this.#connection, parcel, mayLeave, this.deadlineMs)
    if (outcome.kind !== 'sent') this.#drop()
    return outcome
  }

  #drop() {
    this.#connection?.close()
    this.#connection = null
  }
}

/** A greeted and signed-in connection, or why there is none. */
function open(settings: SmtpSettings, deadlineMs: number): Promise<SMTPConnection | Outcome> {
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    requireTLS: settings.requireTls,
    connectionTimeout: deadlineMs / 4,
    greetingTimeout: deadlineMs / 4,
    socketTimeout: deadlineMs / 2,
    dnsTimeout: deadlineMs / 4,
  })
  return new Promise((resolve) => {
    const refuse = (error?: Error) => {
      connection.close()
      resolve({ kind: 'unreachable', reason: wording(error ?? new Error('closed before greeting')) })
    }
    connection.on('error', refuse)
    connection.on('end', refuse)
    const ready = (error?: Error | null) => {
      if (error) return refuse(error)
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
  deadlineMs: number
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
    }, deadlineMs)
    const body = bodyOf(parcel.bytes, () => {
      began = mayLeave()
      if (!began) settle({ kind: 'withheld' })
      return began
    })
    connection.on('error', lost)
    connection.on('end', lost)
    connection.send({ from: parcel.sender, to: [parcel.recipient] }, body, (error, info) => {
      settle(error ? refused(error) : { kind: 'sent', providerRef: info.response.slice(0, 255) })
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
  return { kind: code >= 400 && code < 500 ? 'temporary' : 'permanent', reason }
}

const wording = (error: SmtpError) => `${error.message}`.replace(/\s+/g, ' ').slice(0, 200)
