import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/session'
import { SessionCookies } from '#shared/session_cookies'

export default defineConfig({
  enabled: true,
  cookieName: 'amiable_session',
  clearWithBrowser: false,
  age: '8h',
  cookie: {
    path: '/',
    httpOnly: true,
    secure: (env.get('APP_URL') ?? '').startsWith('https://'),
    sameSite: 'lax',
  },
  store: app.inTest ? 'memory' : 'cookie',
  stores: { cookie: (ctx, { cookie }) => new SessionCookies(ctx, cookie) },
})
