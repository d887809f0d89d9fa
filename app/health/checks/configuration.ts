import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import nodemailer from 'nodemailer'
import env from '#start/env'
import { appUrl } from '#config/app'
import { sealSettings, timestampSettings } from '#config/evidence'
import { smtpSettings } from '#config/mail'
import { smsConfiguration, smsSettings } from '#config/sms'
import { smsDriverOf } from '#deliveries/drivers/registry'
import { connectionOptions } from '#deliveries/drivers/smtp'
import { fail, ok, warn, type Check } from '#health/finding'
import { countWaiting } from '#registered_mail/evidence/actions/stamp_waiting'
import { currentSeal, sealEndsSoon } from '#registered_mail/evidence/seal/current_seal'
import { requestTimestamp } from '#registered_mail/evidence/timestamp_client'

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

export const sms: Check = {
  name: 'sms',
  async find() {
    const driver = env.get('SMS_DRIVER', 'none')
    const { missing } = smsConfiguration
    if (missing.length > 0) return fail(`SMS_DRIVER=${driver} lacks ${missing.join(', ')}: SMS wait`)
    if (!smsSettings) return ok('SMS_DRIVER is none: no SMS leaves, and no code by SMS is offered')
    const answer = await smsDriverOf(smsSettings).test()
    return answer.ok
      ? ok(`${driver}: ${answer.account}; codes by SMS are offered`)
      : fail(`${driver}: ${answer.reason}`)
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

export const timestamps: Check = {
  name: 'timestamps',
  async find() {
    if (!timestampSettings.url) {
      return warn('TSA_URL is not set: nobody but the agency vouches for the dates of its evidence')
    }
    try {
      const { authority } = await requestTimestamp(randomBytes(32))
      const waiting = await countWaiting({})
      if (waiting > 0) return warn(`${authority} answers; ${waiting} timestamp(s) wait for the next tick`)
      return ok(authority)
    } catch (error) {
      return fail(`${timestampSettings.url}: ${(error as Error).message}: timestamps wait, none is made up`)
    }
  },
}

export const seal: Check = {
  name: 'seal',
  async find() {
    if (!sealSettings.file) {
      if (await sealEndsSoon()) return warn('the seal ends within a month: run "seal:renew"')
      return warn('the installation seals with a certificate of its own, which viewers show as unknown')
    }
    try {
      const { certificate } = await currentSeal()
      const daysLeft = Math.floor((certificate.validToDate.getTime() - Date.now()) / 86_400_000)
      if (daysLeft < 0) return fail('the certificate of SEAL_P12 has ended')
      return daysLeft < 30
        ? warn(`the certificate of SEAL_P12 ends in ${daysLeft} days`)
        : ok(certificate.subject)
    } catch (error) {
      return fail((error as Error).message)
    }
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
