import app from '@adonisjs/core/services/app'
import { smtpSettings } from '#config/mail'
import { smsSettings, type SmsSettings } from '#config/sms'
import { brevoDriver } from '#deliveries/drivers/brevo'
import type { Driver } from '#deliveries/drivers/driver'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { ovhDriver } from '#deliveries/drivers/ovh'
import type { SmsDriver } from '#deliveries/drivers/sms'
import { smtpDriver } from '#deliveries/drivers/smtp'
import { wayName, type Channel, type Way } from '#deliveries/models/delivery'

const drivers = new Map<string, Driver>()

/** Nothing counts as sent that did not leave: without SMTP, emails wait, but in development and tests. */
if (smtpSettings) drivers.set('email', smtpDriver(smtpSettings))
else if (app.inDev || app.inTest) drivers.set('email', mailboxDriver)

/** The same of SMS. */
if (smsSettings) drivers.set('sms', smsDriverOf(smsSettings))
else if (app.inDev || app.inTest) drivers.set('sms', mailboxDriver)

export function smsDriverOf(settings: SmsSettings): SmsDriver {
  return settings.driver === 'ovh' ? ovhDriver(settings) : brevoDriver(settings)
}

/** Sets what carries a channel, or one route of it; null leaves its rows waiting. */
export function useDriver(channel: Channel, driver: Driver | null, route: string | null = null) {
  const way = wayName({ channel, route })
  if (driver) drivers.set(way, driver)
  else drivers.delete(way)
}

export const driverOf = (way: Way): Driver | undefined => drivers.get(wayName(way))

/** Whether an SMS can leave at all; otherwise it would wait, and none is to be offered. */
export const smsLeaves = (): boolean => drivers.has('sms')

/** The ways that something carries, by name; rows of the others stay queued. */
export const openWays = (): string[] => [...drivers.keys()]
