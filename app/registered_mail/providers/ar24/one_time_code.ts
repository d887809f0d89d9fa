import { createHmac } from 'node:crypto'

const STEP_SECONDS = 30
const DIGITS = 6
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * The code of an authenticator at a moment (RFC 6238, SHA-1, 30 s, 6 digits): what a sender whose identity AR24 has
 * verified proves it by.
 *
 * @param secret in base 32, as the letter with the QR code gives it; spaces and padding are ignored
 */
export function oneTimeCode(secret: string, unixSeconds: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(unixSeconds / STEP_SECONDS)))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const number = digest.readUInt32BE(digest.at(-1)! & 0xf) & 0x7fffffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** @throws when it is no base 32 */
export function fromBase32(text: string): Buffer {
  const bits = [...text.toUpperCase().replace(/[\s=]/g, '')].map((letter) => {
    const value = ALPHABET.indexOf(letter)
    if (value === -1) throw new Error('a secret that is not in base 32')
    return value.toString(2).padStart(5, '0')
  })
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
