/**
 * The policy of an email shown in a frame of ours: the inline style it needs, and nothing else. No
 * script, no form, no request to anywhere; sandboxed, so that no link of a debtor is followed from here.
 */
export const FRAMED_HTML_POLICY = [
  `default-src 'none'`,
  `style-src 'unsafe-inline'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'self'`,
  'sandbox',
].join('; ')
