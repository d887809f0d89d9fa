import { randomUUID } from 'node:crypto'
import { DateTime } from 'luxon'
import type { Instant } from '#shared/clock'
import { parseEmailAddress } from '#shared/email_address'
import { readStoredFile } from '#shared/files'
import { parseSmsNumber } from '#shared/phone'
import type { Attachment, EmailContent, PrintContent, SmsContent } from '#deliveries/recipes'
import { smsLength } from '#deliveries/sms_text'

export interface Sender {
  name: string
  address: string
  /** Where answers go when it is not there. */
  replyTo: string | null
}

/** The bytes that leave, and what is remembered about them. */
export interface Message {
  bytes: Buffer
  /** None for an SMS, whose text must not be read in a list. */
  subject: string | null
  recipient: string
  messageId: string | null
  /** The stored files inside, so that the kept copy need not hold them again. */
  fileHashes: string[]
}

/** A message that must never leave; the row fails with this code, visibly. */
export class UnsendableMessage extends Error {
  constructor(
    readonly code:
      | 'recipe_missing'
      | 'recipient_invalid'
      | 'subject_invalid'
      | 'subject_names_amount'
      | 'part_missing'
      | 'text_invalid'
      | 'text_too_long'
      | 'text_names_amount',
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

/** What an SMS may cost: longer, it is a letter. */
const MAX_SEGMENTS = 3

/** What an SMS is made of, as its bytes keep it. */
export interface Sms {
  to: string
  text: string
}

/**
 * One SMS, as the JSON of its number and text: the bytes that are kept and hashed
 * say to whom it went, and each provider's form is drawn from them.
 *
 * @throws UnsendableMessage when its number is no mobile in E.164, or its text is
 * empty, names an amount (rule 15) or is longer than three SMS
 */
export function smsMessage(content: SmsContent, recipient: string): Message {
  const to = strictMobile(content.to ?? recipient)
  assertSmsText(content.sms)
  const sms: Sms = { to, text: content.sms }
  return {
    bytes: Buffer.from(JSON.stringify(sms)),
    subject: null,
    recipient: to,
    messageId: null,
    fileHashes: [],
  }
}

export const smsIn = (bytes: Buffer) => JSON.parse(bytes.toString()) as Sms

/** @throws UnsendableMessage unless `text` is exactly one mailbox */
export function strictRecipient(text: string): string {
  const address = parseEmailAddress(text)
  if (!address) throw new UnsendableMessage('recipient_invalid', JSON.stringify(text.slice(0, 80)))
  return address
}

function strictMobile(text: string): string {
  const number = parseSmsNumber(text)
  if (!number) throw new UnsendableMessage('recipient_invalid', JSON.stringify(text.slice(0, 80)))
  return number
}

/** The detail of a refusal never quotes the text: it may be a code. */
function assertSmsText(text: string) {
  const printable = text.isWellFormed() && !/(?!\n)\p{Cc}/u.test(text)
  if (!text.trim() || !printable) throw new UnsendableMessage('text_invalid', 'empty, or not printable')
  if (AMOUNT.test(text)) throw new UnsendableMessage('text_names_amount', 'an amount')
  const { segments } = smsLength(text)
  if (segments > MAX_SEGMENTS) throw new UnsendableMessage('text_too_long', `${segments} SMS`)
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
