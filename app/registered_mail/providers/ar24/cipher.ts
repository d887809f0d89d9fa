import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/**
 * How AR24 knows who asks and hides what it answers ("Sign your requests" of developers.ar24.fr/doc): AES-256-CBC,
 * whose keys and vectors are the first characters of SHA-256 in hexadecimal, not its bytes. Checked against the
 * vector that the documentation gives.
 *
 * @param date as sent with the request: `YYYY-MM-DD HH:mm:ss`, Paris time
 */
export function signatureOf(date: string, privateKey: string): string {
  const cipher = createCipheriv('aes-256-cbc', keyOf(privateKey), vectorOf(privateKey))
  return Buffer.concat([cipher.update(date), cipher.final()]).toString('base64')
}

/** What an answer to the request of that date says; null when it was not made with that key. */
export function openedWith(answer: string, date: string, privateKey: string): string | null {
  try {
    const decipher = createDecipheriv('aes-256-cbc', keyOf(`${date}${privateKey}`), vectorOf(privateKey))
    return Buffer.concat([decipher.update(answer, 'base64'), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
const keyOf = (text: string) => sha256Hex(text).slice(0, 32)
const vectorOf = (privateKey: string) => sha256Hex(sha256Hex(privateKey)).slice(0, 16)
