import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What a provider does with one request.
 * - answer: what it should
 * - slow: it does it, and answers after everybody has gone
 * - drop_request, drop_reply: the connection is cut before, or after, it has done it
 * - fail_before, fail_after: 500 and a page, before or after it has done it
 * - page_before, page_after: 200 and a page, before or after it has done it
 * - busy, limit: 503, 429
 * - redirect: 302 to itself
 * - expire: all tokens are no longer any good
 */
export type Misbehaviour =
  | 'answer'
  | 'slow'
  | 'drop_request'
  | 'drop_reply'
  | 'fail_before'
  | 'fail_after'
  | 'page_before'
  | 'page_after'
  | 'busy'
  | 'limit'
  | 'redirect'
  | 'expire'

export interface ProviderRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface ProviderReply {
  status: number
  json?: unknown
  bytes?: Buffer
  headers?: Record<string, string>
}

const ERROR_PAGE =
  '<!DOCTYPE html><html><head><title>Une erreur est survenue</title></head><body><p>…</p></body></html>'

/** A provider on loopback, which misbehaves when it is told to. */
export abstract class ProviderServer {
  /** Every request that was read whole, in order. */
  readonly requests: ProviderRequest[] = []
  misbehave: (request: ProviderRequest) => Misbehaviour = () => 'answer'
  /** How late a slow answer is. */
  slowMs = 30_000
  /** What a 429 asks to wait. */
  retryAfter = '0'

  readonly #server = createServer((request, response) => void this.#receive(request, response))

  protected abstract handle(request: ProviderRequest): ProviderReply | Promise<ProviderReply>
  /** For one that gives tokens. */
  expireTokens(): void {}

  async start(): Promise<this> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    return this
  }

  get origin() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop() {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }

  async #receive(message: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of message) chunks.push(chunk)
    } catch {
      return // the sender died in the middle of its request
    }
    const url = new URL(message.url!, this.origin)
    const request: ProviderRequest = {
      method: message.method!,
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      body: Buffer.concat(chunks),
    }
    this.requests.push(request)
    const how = this.misbehave(request)
    if (how === 'drop_request') return message.socket.destroy()
    if (how === 'busy') return response.writeHead(503).end(ERROR_PAGE)
    if (how === 'limit') return response.writeHead(429, { 'retry-after': this.retryAfter }).end()
    if (how === 'redirect') return response.writeHead(302, { location: message.url }).end()
    if (how === 'fail_before') return response.writeHead(500).end(ERROR_PAGE)
    if (how === 'page_before') return this.#page(response)
    if (how === 'expire') this.expireTokens()
    const reply = await this.handle(request)
    if (how === 'drop_reply') return message.socket.destroy()
    if (how === 'fail_after') return response.writeHead(500).end(ERROR_PAGE)
    if (how === 'page_after') return this.#page(response)
    if (how === 'slow') await sleep(this.slowMs, undefined, { ref: false })
    this.#answer(response, reply)
  }

  #page(response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(ERROR_PAGE)
  }

  #answer(response: ServerResponse, { status, json, bytes, headers = {} }: ProviderReply) {
    if (bytes) return response.writeHead(status, { 'content-type': 'application/pdf', ...headers }).end(bytes)
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(json === undefined ? '' : JSON.stringify(json))
  }
}
