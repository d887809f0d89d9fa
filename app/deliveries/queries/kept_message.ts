import PostalMime from 'postal-mime'
import { addMinutes, clock } from '#shared/clock'
import { sha256 } from '#shared/files'
import type { default as Delivery, Channel } from '#deliveries/models/delivery'
import SentMessage from '#deliveries/models/sent_message'
import { openCopy } from '#deliveries/kept_copy'
import { smsIn } from '#deliveries/message'
import { recipeNamed } from '#deliveries/recipes'
import { smsLength } from '#deliveries/sms_text'

export interface KeptMessage {
  bytes: Buffer
  html: string | null
  text: string | null
  /** As how many SMS it is charged. */
  segments?: number
  attachments: { name: string; mediaType: string; sha256: string; bytes: Buffer }[]
}

/**
 * The message as it left, read back from the very bytes; null when nothing was
 * composed yet, and while what it says would let its reader pass for its recipient.
 *
 * @throws when the kept copy was altered or does not open
 */
export async function keptMessage(delivery: Delivery): Promise<KeptMessage | null> {
  if (isSecret(delivery)) return null
  const kept = await SentMessage.findBy('deliveryId', delivery.id)
  if (!kept) return null
  const bytes = await openCopy(kept.contentEncrypted, delivery.channel)
  return READERS[delivery.channel](bytes)
}

const READERS: Record<Channel, (bytes: Buffer) => KeptMessage | Promise<KeptMessage>> = {
  email: readEmail,
  print: readPrint,
  sms: readSms,
}

/** In the demo's mailbox, where nothing leaves, it is the only place to read it. */
function isSecret({ recipe, provider, sentAt, updatedAt }: Delivery): boolean {
  const minutes = recipeNamed(recipe)?.secretMinutes ?? 0
  return provider !== 'mailbox' && clock.now() < addMinutes(sentAt ?? updatedAt, minutes)
}

async function readEmail(bytes: Buffer): Promise<KeptMessage> {
  const email = await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer' })
  return {
    bytes,
    html: email.html ?? null,
    text: email.text ?? null,
    attachments: email.attachments.map(({ filename, mimeType, content }, index) =>
      attachmentOf(filename ?? `${index + 1}`, mimeType, Buffer.from(content as ArrayBuffer))
    ),
  }
}

function readPrint(bytes: Buffer): KeptMessage {
  const { to, pdf, subject } = JSON.parse(bytes.toString()) as { to: string[]; pdf: string; subject: string }
  const letter = attachmentOf(`${subject}.pdf`, 'application/pdf', Buffer.from(pdf, 'base64'))
  return { bytes, html: null, text: to.join('\n'), attachments: [letter] }
}

function readSms(bytes: Buffer): KeptMessage {
  const { text } = smsIn(bytes)
  return { bytes, html: null, text, segments: smsLength(text).segments, attachments: [] }
}

const attachmentOf = (name: string, mediaType: string, bytes: Buffer) => ({
  name,
  mediaType,
  bytes,
  sha256: sha256(bytes),
})

/** The last part of an address that opens somebody's page without a password. */
const TOKEN = /(\/(?:p|ere|invitations)\/)[A-Za-z0-9_-]{20,}/g

/** A debtor's link is the debtor's: those who need not have it see where it stands, not what it is. */
export const withoutLinks = (content: string) => content.replace(TOKEN, '$1••••••••')
