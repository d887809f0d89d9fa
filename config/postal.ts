import { mailFrom } from '#config/mail'
import { address, outOfTests, read, type Read } from '#config/outside'
import type { MerciFacteurSettings } from '#registered_mail/providers/merci_facteur/client'
import type { MailevaSettings } from '#registered_mail/providers/maileva/client'
import type { Ar24Settings } from '#registered_mail/providers/ar24/client'
import { fromBase32 } from '#registered_mail/providers/ar24/one_time_code'
import { appUrl } from '#config/app'

/** Null: no letter goes that way. */
export const merciFacteurSettings = outOfTests(merciFacteurFrom(read))
export const merciFacteurWebhookSecret = read('MERCI_FACTEUR_WEBHOOK_SECRET') ?? null

/** Null: no letter goes that way. */
export const mailevaSettings = outOfTests(mailevaFrom(read))
/** What Maileva is told to sign its calls with (HTTP Basic). */
export const mailevaWebhookCredentials = {
  login: read('MAILEVA_WEBHOOK_LOGIN') ?? '',
  password: read('MAILEVA_WEBHOOK_PASSWORD') ?? '',
}

/** Null: no letter goes that way. */
export const ar24Settings = outOfTests(ar24From(read))
export const ar24WebhookKey = read('AR24_WEBHOOK_KEY') ?? null

/** @throws when a variable is missing, is no address or no base 32, naming it */
export function ar24From(value: Read): Ar24Settings | null {
  const names = ['AR24_TOKEN', 'AR24_PRIVATE_KEY', 'AR24_USER_ID']
  const { AR24_TOKEN: token, AR24_PRIVATE_KEY: privateKey, AR24_USER_ID: userId } = allOrNone(value, names)
  if (!token || !privateKey || !userId) return null
  const key = value('AR24_WEBHOOK_KEY')
  return {
    apiBase: address('AR24_API_BASE', value('AR24_API_BASE') ?? 'https://app.ar24.fr/api'),
    token,
    privateKey,
    userId,
    otpSecret: secretIn('AR24_OTP_SECRET', value('AR24_OTP_SECRET')),
    webhook: key ? `${appUrl}/webhooks/ar24?${new URLSearchParams({ key })}` : null,
  }
}

function secretIn(name: string, text: string | undefined): string | null {
  try {
    if (text) fromBase32(text)
  } catch (error) {
    throw new Error(`${name} is ${(error as Error).message}`, { cause: error })
  }
  return text ?? null
}

/** @throws when a variable is missing or is no address, naming it */
export function merciFacteurFrom(value: Read): MerciFacteurSettings | null {
  const { MERCI_FACTEUR_SERVICE_ID: serviceId, MERCI_FACTEUR_SECRET_KEY: secretKey } = allOrNone(value, [
    'MERCI_FACTEUR_SERVICE_ID',
    'MERCI_FACTEUR_SECRET_KEY',
  ])
  if (!serviceId || !secretKey) return null
  const production = 'https://www.merci-facteur.com/api/1.2/prod/service'
  return {
    apiBase: address('MERCI_FACTEUR_API_BASE', value('MERCI_FACTEUR_API_BASE') ?? production),
    serviceId,
    secretKey,
    userId: value('MERCI_FACTEUR_USER_ID') ?? null,
    senderEmail: value('MERCI_FACTEUR_SENDER_EMAIL') ?? bareAddress(mailFrom),
    authorizedIp: value('MERCI_FACTEUR_AUTHORIZED_IP') ?? '111.111.111',
  }
}

/** @throws when a variable is missing or is no address, naming it */
export function mailevaFrom(value: Read): MailevaSettings | null {
  const { MAILEVA_CLIENT_ID: clientId, MAILEVA_CLIENT_SECRET: clientSecret } = allOrNone(value, [
    'MAILEVA_CLIENT_ID',
    'MAILEVA_CLIENT_SECRET',
  ])
  if (!clientId || !clientSecret) return null
  const { MAILEVA_USERNAME: username, MAILEVA_PASSWORD: password } = allOrNone(value, [
    'MAILEVA_USERNAME',
    'MAILEVA_PASSWORD',
  ])
  return {
    apiBase: address('MAILEVA_API_BASE', value('MAILEVA_API_BASE') ?? 'https://api.maileva.com'),
    authBase: address('MAILEVA_AUTH_BASE', value('MAILEVA_AUTH_BASE') ?? 'https://connexion.maileva.com'),
    clientId,
    clientSecret,
    user: username && password ? { username, password } : null,
  }
}

function allOrNone(value: Read, names: string[]): Record<string, string | undefined> {
  const values = Object.fromEntries(names.map((name) => [name, value(name) || undefined]))
  const missing = names.filter((name) => !values[name])
  if (missing.length > 0 && missing.length < names.length) {
    throw new Error(`${missing.join(', ')} must be set too: ${names.join(' and ')} go together`)
  }
  return values
}

function bareAddress(from: string | null): string | null {
  return from && (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim()
}
