import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/shield'

export default defineConfig({
  csp: {
    enabled: true,
    reportOnly: false,
    directives: {
      defaultSrc: [`'none'`],
      scriptSrc: [`'self'`, ...(app.inDev ? [`'unsafe-inline'`] : [])],
      styleSrc: [`'self'`, ...(app.inDev ? [`'unsafe-inline'`] : [])],
      imgSrc: [`'self'`, 'data:'],
      fontSrc: [`'self'`],
      connectSrc: [`'self'`, ...(app.inDev ? ['ws:'] : [])],
      frameSrc: [`'self'`],
      objectSrc: [`'none'`],
      baseUri: [`'none'`],
      frameAncestors: [`'self'`],
    },
  },
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
