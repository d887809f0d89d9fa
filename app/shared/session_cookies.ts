import encryption from '@adonisjs/core/services/encryption'
import type { HttpContext } from '@adonisjs/core/http'
import type { CookieOptions } from '@adonisjs/core/types/http'
import type { SessionData, SessionStoreContract } from '@adonisjs/session/types'

/** Browsers drop a cookie over 4,096 bytes, name and attributes included, without a word. */
const PIECE_LENGTH = 3_600

/** Node refuses requests whose headers pass 16 KB; this leaves room for the rest. */
const MOST_PIECES = 3

/** Where the framework keeps what the next page is told, typed text included. */
const FLASH = '__flash__'
const SAID = ['errorsBag', 'inputErrorsBag', 'success', 'error']

/**
 * The session in encrypted cookies, in as many as it takes: a long text in a
 * form that was refused comes back to be corrected instead of being lost with
 * the cookie that was too big for it. When it is too long even so, the text is
 * dropped and what is wrong with it is still said.
 */
export class SessionCookies implements SessionStoreContract {
  constructor(
    private ctx: HttpContext,
    private options: Partial<CookieOptions>
  ) {}

  read(sessionId: string): SessionData | null {
    const [count, first] = this.#piece(sessionId, 0)?.split('~') ?? []
    if (!count || first === undefined) return null
    const pieces = Math.min(Number(count), MOST_PIECES)
    const others = Array.from({ length: pieces - 1 }, (_, n) => this.#piece(sessionId, n + 1) ?? '')
    const values: unknown = encryption.decrypt([first, ...others].join(''), sessionId)
    return values !== null && typeof values === 'object' ? (values as SessionData) : null
  }

  write(sessionId: string, values: SessionData) {
    const pieces = piecesOf(values, sessionId) ?? piecesOf(withoutTypedText(values), sessionId) ?? []
    for (const [index, piece] of pieces.entries()) {
      const text = index === 0 ? `${pieces.length}~${piece}` : piece
      this.ctx.response.plainCookie(this.#name(sessionId, index), text, { ...this.options, encode: false })
    }
    this.#clearFrom(sessionId, pieces.length)
  }

  destroy(sessionId: string) {
    this.#clearFrom(sessionId, 0)
  }

  touch(sessionId: string) {
    const values = this.read(sessionId)
    if (values) this.write(sessionId, values)
  }

  #name = (sessionId: string, index: number) => `${sessionId}.${index}`

  #piece(sessionId: string, index: number): string | undefined {
    return this.ctx.request.cookiesList()[this.#name(sessionId, index)]
  }

  #clearFrom(sessionId: string, first: number) {
    for (let index = first; index < MOST_PIECES; index++) {
      if (this.#piece(sessionId, index) !== undefined) {
        this.ctx.response.clearCookie(this.#name(sessionId, index), this.options)
      }
    }
  }
}

/** The session encrypted and cut, or null when it would take too many pieces. */
function piecesOf(values: SessionData, sessionId: string): string[] | null {
  const sealed = encryption.encrypt(values, { purpose: sessionId })
  const pieces = sealed.match(new RegExp(`.{1,${PIECE_LENGTH}}`, 'gs')) ?? []
  return pieces.length <= MOST_PIECES ? pieces : null
}

function withoutTypedText(values: SessionData): SessionData {
  const flash: unknown = values[FLASH]
  if (flash === null || typeof flash !== 'object') return values
  const said = Object.entries(flash).filter(([name]) => SAID.includes(name))
  return { ...values, [FLASH]: Object.fromEntries(said) }
}
