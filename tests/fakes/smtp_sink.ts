import { randomInt } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SmtpSettings } from '#deliveries/drivers/smtp'

export interface Received {
  from: string
  to: string[]
  raw: Buffer
}

/** What the server does with one message; `drop…` closes the connection without a word. */
export type Behaviour =
  | 'take'
  | 'refuse_recipient_for_now'
  | 'refuse_recipient'
  | 'refuse_oddly'
  | 'unknown_mailbox'
  | 'refuse_message_for_now'
  | 'refuse_message'
  | 'drop_before_data'
  | 'drop_after_taking'
  | 'drop_without_taking'
  | 'never_answer'

/**
 * A real SMTP server on loopback that keeps what it takes. `behaviour` decides
 * for each recipient; `delayMs` makes it slow to answer.
 */
export class SmtpSink {
  readonly taken: Received[] = []
  readonly asked: string[] = []
  behaviour: (recipient: string) => Behaviour = () => 'take'
  delayMs: () => number = () => 0
  /** Closes each connection as soon as it has taken one message. */
  hangsUp = false

  readonly #server: SMTPServer

  /** With a password, STARTTLS is offered, under a certificate nobody vouches for. */
  private constructor(private readonly password: string | null) {
    this.#server = this.#listen()
  }

  static async start(password: string | null = null): Promise<SmtpSink> {
    const sink = new SmtpSink(password)
    await new Promise<void>((listening) => sink.#server.listen(0, '127.0.0.1', listening))
    sink.#server.on('error', () => {})
    return sink
  }

  #listen() {
    return new SMTPServer({
      authOptional: this.password === null,
      disabledCommands: this.password === null ? ['STARTTLS', 'AUTH'] : [],
      onAuth: ({ password }, _session, done) =>
        password === this.password ? done(null, { user: 'agency' }) : done(refusal('who are you', 535)),
      logger: false,
      disableReverseLookup: true,
      onRcptTo: ({ address }, session, done) => {
        this.asked.push(address)
        const behaviour = this.behaviour(address)
        if (behaviour === 'drop_before_data') return this.#drop(session.id)
        if (behaviour === 'refuse_recipient_for_now') return done(refusal('try later', 450))
        if (behaviour === 'refuse_oddly') return done(refusal('no \u0000\u0007 way', 550))
        if (behaviour === 'unknown_mailbox') return done(refusal('5.1.1 nobody here', 550))
        if (behaviour === 'refuse_recipient') return done(refusal('no such mailbox', 550))
        done()
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () =>
          setTimeout(() => this.#end(session, Buffer.concat(chunks), done), this.delayMs())
        )
      },
    })
  }

  get settings(): SmtpSettings {
    const { port } = this.#server.server.address() as AddressInfo
    return {
      host: '127.0.0.1',
      port,
      secure: false,
      requireTls: false,
      anyCertificate: true,
      credentials: null,
    }
  }

  get url() {
    return `smtp://127.0.0.1:${this.settings.port}`
  }

  async stop() {
    await new Promise<void>((closed) => this.#server.close(closed))
  }

  #end(
    session: { id: string; envelope: { mailFrom: unknown; rcptTo: { address: string }[] } },
    raw: Buffer,
    done: (error?: Error | null, message?: string) => void
  ) {
    const to = session.envelope.rcptTo.map(({ address }) => address)
    const behaviour = this.behaviour(to[0]!)
    if (behaviour === 'refuse_message_for_now') return done(refusal('busy', 451))
    if (behaviour === 'refuse_message') return done(refusal('not wanted', 554))
    if (behaviour === 'drop_without_taking') return this.#drop(session.id)
    if (behaviour === 'never_answer') return
    this.taken.push({ from: (session.envelope.mailFrom as { address: string }).address, to, raw })
    if (behaviour === 'drop_after_taking') return this.#drop(session.id)
    done(null, `queued as ${randomInt(1e9)}`)
    if (this.hangsUp) setTimeout(() => this.#drop(session.id), 5)
  }

  #drop(sessionId: string) {
    for (const connection of this.#server.connections as Iterable<unknown>) {
      const held = connection as Record<'id', string> & Record<'_socket', Socket>
      if (held.id === sessionId) held._socket.destroy()
    }
  }
}

const refusal = (message: string, responseCode: number) => Object.assign(new Error(message), { responseCode })
