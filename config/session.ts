import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig, stores } from '@adonisjs/session'

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
  stores: { cookie: stores.cookie() },
})
