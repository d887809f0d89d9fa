import { randomUUID } from 'node:crypto'
import { DateTime } from 'luxon'
import type { Instant } from '#shared/clock'
import { parseEmailAddress } from '#shared/email_address'
import { readStoredFile } from '#shared/files'
import type { Attachment, EmailContent, PrintContent } from '#deliveries/recipes'

export interface Sender {
  name: string
  address: string
  /** Where answers go when it is not there. */
  replyTo: string | null
}

/** The bytes that leave, and what is remembered about them. */
export interface Message {
  bytes: Buffer
  subject: string
  recipient: string
  messageId: string | null
  /** The stored files inside, so that the kept copy need not hold them again. */
  fileHashes: string[]
}

/** A message that must never leave; the row fails with this code, visibly. */
export class UnsendableMessage extends Error {
  constructor(
    readonly code:
      'recipe_missing' | 'recipient_invalid' | 'subject_invalid' | 'subject_names_amount' | 'part_missing',
    detail: string
  ) {
    super(`${code}: ${detail}`)
  }
}

/** A figure next to a currency, whatever the spaces (rule 15). */
const AMOUNT = /\d[\s\u00a0\u202f]*(€|eur(os?)?\b|centimes?\b)|€[\s\u00a0\u202f]*\d/i

/**
 * One email as the bytes of RFC 5322: text and HTML, one recipient.
 *
 * @throws UnsendableMessage when it has another recipient than one strict address, an amount in
 * its subject (rule 15) or lacks a part
 */
export async function emailMessage(
  content: EmailContent,
  recipient: string,
  sender: Sender,
  at: Instant
): Promise<Message> {
  const to = strictRecipient(content.to ?? recipient)
  assertSubject(content.subject)
  if (!content.text.trim() || !content.html.trim())
    throw new UnsendableMessage('part_missing', content.subject)
  const messageId = `<${randomUUID()}@${sender.address.split('@')[1]}>`
  const attachments = content.attachments ?? []
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js')
  const mail = new MailComposer({
    from: { name: sender.name, address: sender.address },
    to,
    replyTo: sender.replyTo ?? undefined,
    subject: content.subject,
    text: content.text,
    html: content.html,
    messageId,
    date: DateTime.fromISO(at).toJSDate(),
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: await Promise.all(attachments.map(openAttachment)),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    bytes: await mail.compile().build(),
    subject: content.subject,
    recipient: to,
    messageId,
    fileHashes: attachments.flatMap(({ content: held }) => ('fileSha256' in held ? [held.fileSha256] : [])),
  }
}

/** One paper letter, as the JSON a print provider takes. */
export async function printMessage(content: PrintContent): Promise<Message> {
  const pdf = await readStoredFile(content.fileSha256)
  return {
    bytes: Buffer.from(
      JSON.stringify({
        subject: content.subject,
        to: content.to,
        ...content.order,
        pdf: pdf.toString('base64'),
      })
    ),
    subject: content.subject,
    recipient: content.to.join('\n').slice(0, 255),
    messageId: null,
    fileHashes: [content.fileSha256],
  }
}

/** @throws UnsendableMessage unless `text` is exactly one mailbox */
export function strictRecipient(text: string): string {
  const address = parseEmailAddress(text)
  if (!address) throw new UnsendableMessage('recipient_invalid', JSON.stringify(text.slice(0, 80)))
  return address
}

function assertSubject(subject: string) {
  if (!subject.trim() || subject.length > 200 || /\p{Cc}/u.test(subject)) {
    throw new UnsendableMessage('subject_invalid', JSON.stringify(subject.slice(0, 80)))
  }
  if (AMOUNT.test(subject)) throw new UnsendableMessage('subject_names_amount', subject)
}

async function openAttachment({ name, mediaType, content }: Attachment) {
  const bytes = 'bytes' in content ? content.bytes : await readStoredFile(content.fileSha256)
  return { filename: name, contentType: mediaType, content: Buffer.from(bytes) }
}
