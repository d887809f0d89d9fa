import { SentMessageSchema } from '#database/schema'

/** What left, encrypted: it holds the debtor's link. */
export default class SentMessage extends SentMessageSchema {
  static override table = 'sent_messages'
}
