import { createHmac, timingSafeEqual } from 'node:crypto'
import env from '#start/env'

/**
 * HMAC-SHA256 with APP_KEY, in hexadecimal: how a short code is kept, which a plain hash would not hide.
 *
 * @param purpose what is hashed and for what, so that no hash is worth anything elsewhere
 */
export const keyedHash = (purpose: string, text: string) =>
  createHmac('sha256', env.get('APP_KEY').release()).update(`${purpose} ${text}`).digest('hex')

/** Whether a text is the one that was kept, in the same time whatever it is. */
export const isKeyedHash = (kept: string, purpose: string, text: string) =>
  timingSafeEqual(Buffer.from(kept), Buffer.from(keyedHash(purpose, text)))
