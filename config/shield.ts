import { defineConfig } from '@adonisjs/shield'

export default defineConfig({
  /** `#middleware/security_headers_middleware` sets the policy, on every answer and not on pages only. */
  csp: { enabled: false },
  csrf: {
    enabled: true,
    /** Webhooks carry the sender's signature instead. */
    exceptRoutes: (ctx) => ctx.request.url().startsWith('/webhooks/'),
    enableXsrfCookie: false,
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  },
  xFrame: { enabled: true, action: 'SAMEORIGIN' },
  hsts: { enabled: true, maxAge: '180 days' },
  contentTypeSniffing: { enabled: true },
})
