import { address, outOfTests, read, type Read } from '#config/outside'
import type { BrevoSettings } from '#deliveries/drivers/brevo'
import type { OvhSettings } from '#deliveries/drivers/ovh'

export type SmsSettings = ({ driver: 'ovh' } & OvhSettings) | ({ driver: 'brevo' } & BrevoSettings)

/** Null with a list: SMS_DRIVER names a provider whose variables are missing, and SMS wait. */
export type SmsConfiguration =
  { settings: SmsSettings; missing: [] } | { settings: null; missing: readonly string[] }

export const smsConfiguration = smsFrom(read)

/** Null: no SMS leaves, they wait; in development and tests the back-office mailbox keeps them. */
export const smsSettings = outOfTests(smsConfiguration.settings)

/** @throws when SMS_SENDER is no sender, or an address is not safe, naming it */
export function smsFrom(value: Read): SmsConfiguration {
  const sender = senderIn(value('SMS_SENDER'))
  if (value('SMS_DRIVER') === 'ovh') return ovhFrom(value, sender)
  if (value('SMS_DRIVER') === 'brevo') return brevoFrom(value, sender)
  return { settings: null, missing: [] }
}

function ovhFrom(value: Read, sender: string | null): SmsConfiguration {
  const [appKey, appSecret, consumerKey, service] = [
    value('OVH_APP_KEY'),
    value('OVH_APP_SECRET'),
    value('OVH_CONSUMER_KEY'),
    value('OVH_SMS_SERVICE'),
  ]
  if (!appKey || !appSecret || !consumerKey || !service) {
    return lacking(value, ['OVH_APP_KEY', 'OVH_APP_SECRET', 'OVH_CONSUMER_KEY', 'OVH_SMS_SERVICE'])
  }
  const apiBase = address('OVH_API_BASE', value('OVH_API_BASE') ?? 'https://eu.api.ovh.com/1.0')
  return {
    settings: { driver: 'ovh', apiBase, appKey, appSecret, consumerKey, service, sender },
    missing: [],
  }
}

/** Brevo wants a sender in each message. */
function brevoFrom(value: Read, sender: string | null): SmsConfiguration {
  const apiKey = value('BREVO_API_KEY')
  if (!apiKey || !sender) return lacking(value, ['BREVO_API_KEY', 'SMS_SENDER'])
  const apiBase = address('BREVO_API_BASE', value('BREVO_API_BASE') ?? 'https://api.brevo.com/v3')
  return { settings: { driver: 'brevo', apiBase, apiKey, sender }, missing: [] }
}

function lacking(value: Read, names: string[]): SmsConfiguration {
  return { settings: null, missing: names.filter((name) => !value(name)) }
}

/** What a telephone shows as the sender: operators take 3 to 11 letters and digits, and not digits alone. */
function senderIn(text: string | undefined): string | null {
  if (!text) return null
  if (!/^(?=.*[A-Za-z])[A-Za-z0-9]{3,11}$/.test(text)) {
    throw new Error(
      'SMS_SENDER must be 3 to 11 letters and digits without accents or spaces, one letter at least'
    )
  }
  return text
}
