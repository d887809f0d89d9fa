import { stat } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import nodemailer from 'nodemailer'
import env from '#start/env'
import { appUrl } from '#config/app'
import { smtpSettings } from '#config/mail'
import { connectionOptions } from '#deliveries/drivers/smtp'
import { fail, ok, warn, type Check } from '#health/finding'

const SMTP_PATIENCE_MS = 10_000
const SHORTEST_KEY = 32
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

export const key: Check = {
  name: 'app_key',
  async find() {
    if (env.get('APP_KEY').release().length < SHORTEST_KEY) {
      return fail(`APP_KEY has fewer than ${SHORTEST_KEY} characters`)
    }
    const file = await stat(app.makePath('.env')).catch(() => null)
    if (file && file.mode & 0o077)
      return warn('.env can be read by other users of the machine: chmod 600 .env')
    return ok('set')
  },
}

export const address: Check = {
  name: 'app_url',
  find() {
    const { protocol, hostname } = new URL(appUrl)
    if (LOOPBACK.includes(hostname)) {
      return warn(`APP_URL is ${appUrl}: links in letters and emails lead to this machine only`)
    }
    return protocol === 'https:'
      ? ok(appUrl)
      : fail(`APP_URL is ${appUrl}: a debtor's link must travel by https`)
  },
}

export const proxy: Check = {
  name: 'trust_proxy',
  find() {
    const trusted = env.get('TRUST_PROXY')
    if (trusted) return ok(`X-Forwarded-For is believed from ${trusted}`)
    return appUrl.startsWith('https:')
      ? warn('TRUST_PROXY is empty behind https: everyone shares the proxy’s address in rate limits')
      : ok('X-Forwarded-For is never believed')
  },
}

export const smtp: Check = {
  name: 'smtp',
  async find() {
    if (!smtpSettings) return warn('SMTP_URL is not set: emails wait in the mailbox of the back-office')
    const { host, port, credentials } = smtpSettings
    const transport = nodemailer.createTransport({
      ...connectionOptions(smtpSettings, SMTP_PATIENCE_MS),
      auth: credentials ?? undefined,
    })
    try {
      await transport.verify()
      return ok(`${host}:${port} answers and lets us in`)
    } catch (error) {
      return fail(`${host}:${port}: ${(error as Error).message.split('\n')[0]}`)
    } finally {
      transport.close()
    }
  },
}

export const stripe: Check = {
  name: 'stripe',
  find() {
    const secret = env.get('STRIPE_SECRET_KEY')
    const base = env.get('STRIPE_API_BASE')
    if (!secret) return warn('STRIPE_SECRET_KEY is not set: debtors are offered the bank transfer only')
    if (!env.get('STRIPE_WEBHOOK_SECRET')) {
      return fail('STRIPE_WEBHOOK_SECRET is not set: payments would never be known')
    }
    if (base && app.inProduction) return fail(`STRIPE_API_BASE is ${base}: a simulator, in production`)
    if (app.inProduction && secret.includes('_test_')) return warn('a test key in production: no money moves')
    return ok(base ? `the simulator at ${base}` : 'key and webhook secret set')
  },
}

export const scheduler: Check = {
  name: 'scheduler',
  find() {
    return env.get('SCHEDULER') === 'off'
      ? warn('SCHEDULER=off: nothing leaves unless another process or a timer runs "npm run ace -- tick"')
      : ok('runs inside the server')
  },
}
