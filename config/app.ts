import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/core/http'

/** The address people reach us at; links in letters and emails begin with it. */
export const appUrl = (
  env.get('APP_URL') ?? `http://${env.get('HOST', '127.0.0.1')}:${env.get('PORT', 3333)}`
).replace(/\/$/, '')

/** PDFs, uploads and sent messages; one folder to back up beside the database. */
export const storageDir = env.get('STORAGE_DIR') ?? app.makePath('storage/files')

/**
 * The proxies whose X-Forwarded-* headers are believed: none by default, so a
 * forged header never becomes somebody's address in a log or a rate limit.
 */
const trustedProxies = (env.get('TRUST_PROXY') ?? '')
  .split(',')
  .map((address) => address.trim())
  .filter(Boolean)

export const http = defineConfig({
  generateRequestId: true,
  allowMethodSpoofing: true,
  useAsyncLocalStorage: false,
  trustProxy: (address) => trustedProxies.includes(address),
  cookie: {
    domain: '',
    path: '/',
    maxAge: '2h',
    httpOnly: true,
    secure: appUrl.startsWith('https://'),
    sameSite: 'lax',
  },
})
