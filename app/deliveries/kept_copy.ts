import { deflateRawSync, inflateRawSync } from 'node:zlib'
import encryption from '@adonisjs/core/services/encryption'
import { readStoredFile } from '#shared/files'
import type { Channel } from '#deliveries/models/delivery'
import type { Message } from '#deliveries/message'

const PURPOSE = 'sent message'
const MARK = '\u0000'

/**
 * What left, ready to be stored: compressed and encrypted with APP_KEY. A
 * stored file inside is replaced by its hash, so that a PDF sent to a thousand
 * people or kept in a claim is not in the database again; `openCopy` puts the
 * very same bytes back.
 */
export async function sealCopy(message: Message, channel: Channel): Promise<string> {
  let text = message.bytes.toString('latin1')
  for (const hash of new Set(message.fileHashes)) {
    text = text.replaceAll(encoded(await readStoredFile(hash), channel), `${MARK}${hash}${MARK}`)
  }
  const packed = deflateRawSync(Buffer.from(text, 'latin1')).toString('base64')
  return encryption.encrypt(packed, undefined, PURPOSE)
}

/** @throws when the copy was altered, or was sealed with another APP_KEY */
export async function openCopy(sealed: string, channel: Channel): Promise<Buffer> {
  const packed = encryption.decrypt<string>(sealed, PURPOSE)
  if (packed === null) throw new Error('a kept message does not open with this APP_KEY')
  const parts = inflateRawSync(Buffer.from(packed, 'base64')).toString('latin1').split(MARK)
  const texts = await Promise.all(
    parts.map(async (part, index) => (index % 2 === 0 ? part : encoded(await readStoredFile(part), channel)))
  )
  return Buffer.from(texts.join(''), 'latin1')
}

/** As a file is written inside an email (lines of 76) or inside JSON (one line). */
function encoded(bytes: Buffer, channel: Channel): string {
  const base64 = bytes.toString('base64')
  return channel === 'email' ? base64.replace(/.{76}(?=.)/g, '$&\r\n') : base64
}
