import { AcknowledgementSchema } from '#database/schema'

/** What a debtor acknowledged to owe, in their own figures and words (C. civ. 1376), and what they read. */
export default class Acknowledgement extends AcknowledgementSchema {
  static override table = 'acknowledgements'
}
