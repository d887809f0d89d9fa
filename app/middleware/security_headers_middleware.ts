import env from '#start/env'
import app from '@adonisjs/core/services/app'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/** Vite's development server writes styles and its client into the page. */
const INLINE = app.inDev ? ` 'unsafe-inline'` : ''
const SOCKET = app.inDev ? ' ws:' : ''

/** Nothing to other sites; within ours it is kept, because a refused form goes back to its page. */
const REFERRER = 'same-origin'

/**
 * What every answer says to the browser, before anything else has run: pages of
 * errors and addresses that nothing matches have no shield of their own.
 */
export default class SecurityHeadersMiddleware {
  handle({ response }: HttpContext, next: NextFn) {
    response.header('Content-Security-Policy', contentPolicy())
    response.header('X-Content-Type-Options', 'nosniff')
    response.header('X-Frame-Options', 'SAMEORIGIN')
    response.header('Referrer-Policy', REFERRER)
    response.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    response.header('Cross-Origin-Opener-Policy', 'same-origin')
    response.header('Cross-Origin-Resource-Policy', 'same-origin')
    return next()
  }
}

/** A page loads what this server serves, and nothing written inline runs. */
function contentPolicy() {
  return [
    `default-src 'none'`,
    `script-src 'self'${INLINE}`,
    `style-src 'self'${INLINE}`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'${SOCKET}`,
    `frame-src 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'self'`,
    `form-action 'self' ${paymentPages()}`,
  ].join('; ')
}

/** Where the forms that pay, and that open a creditor's account, are redirected: Stripe's pages, or also those of what stands in its place. */
function paymentPages() {
  const base = env.get('STRIPE_API_BASE')
  return [
    'https://checkout.stripe.com',
    'https://connect.stripe.com',
    ...(base ? [new URL(base).origin] : []),
  ].join(' ')
}
