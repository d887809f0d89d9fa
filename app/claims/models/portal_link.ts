import { PortalLinkSchema } from '#database/schema'

/** A debtor's way to their own file; of its token only the SHA-256 is kept. */
export default class PortalLink extends PortalLinkSchema {
  static override table = 'portal_links'
}
