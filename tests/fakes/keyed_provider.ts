import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHash } from 'node:crypto'

/** What the provider does with one request, besides keeping its keys. */
export type Caprice = 'answer' | 'drop_reply' | 'drop_request' | 'busy' | 'refuse' | 'redirect'

export interface Taken {
  id: string
  key: string
  recipient: string
  sha256: string
}

/**
 * A provider on loopback that honours `Idempotency-Key`: a key is taken once, and
 * asked again gives the first answer. The same key with other bytes is a 422,
 * and is counted. It can be slow, busy, and lose requests and replies.
 */
export class KeyedProvider {
  /** What it would print or send, in order: one row is one paid sending. */
  readonly taken = new Map<string, Taken>()
  requests = 0
  repeats = 0
  conflicts: string[] = []
  caprice: (key: string) => Caprice = () => 'answer'
  delayMs: () => number = () => 0

  readonly #server = createServer((request, response) => void this.#answer(request, response))

  static async start(): Promise<KeyedProvider> {
    const provider = new KeyedProvider()
    await new Promise<void>((listening) => provider.#server.listen(0, '127.0.0.1', listening))
    return provider
  }

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/sendings`
  }

  async stop() {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return // the sender died in the middle of its request: an incomplete one is not taken
    }
    this.requests += 1
    const key = String(request.headers['idempotency-key'])
    const caprice = this.caprice(key)
    await sleep(this.delayMs())
    if (caprice === 'drop_request') return request.socket.destroy()
    if (caprice === 'busy') return response.writeHead(503).end('busy')
    if (caprice === 'redirect') return response.writeHead(302, { location: request.url }).end()
    if (caprice === 'refuse') return response.writeHead(422).end('no such address')
    const taken = this.#take(
      key,
      String(request.headers['x-recipient']),
      createHash('sha256').update(Buffer.concat(chunks)).digest('hex')
    )
    if (!taken) return response.writeHead(422).end('key already used for another content')
    if (caprice === 'drop_reply') return request.socket.destroy()
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: taken.id }))
  }

  #take(key: string, recipient: string, hash: string): Taken | null {
    const before = this.taken.get(key)
    if (!before) {
      const taken = {
        id: `snd_${this.taken.size + 1}`,
        key,
        recipient: decodeURIComponent(recipient),
        sha256: hash,
      }
      this.taken.set(key, taken)
      return taken
    }
    this.repeats += 1
    if (before.sha256 === hash) return before
    this.conflicts.push(key)
    return null
  }
}
