import { EreLinkSchema } from '#database/schema'

/** A recipient's way to one ERE; of its token only the SHA-256 is kept. */
export default class EreLink extends EreLinkSchema {
  static override table = 'ere_links'
}
