import app from '@adonisjs/core/services/app'
import { smtpSettings } from '#config/mail'
import type { Driver } from '#deliveries/drivers/driver'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { smtpDriver } from '#deliveries/drivers/smtp'
import type { Channel } from '#deliveries/models/delivery'

const drivers = new Map<Channel, Driver>()

/** Nothing counts as sent that did not leave: without SMTP, emails wait, but in development and tests. */
if (smtpSettings) drivers.set('email', smtpDriver(smtpSettings))
else if (app.inDev || app.inTest) drivers.set('email', mailboxDriver)

/** Sets what carries a channel; null leaves its rows waiting. */
export function useDriver(channel: Channel, driver: Driver | null) {
  if (driver) drivers.set(channel, driver)
  else drivers.delete(channel)
}

export const driverOf = (channel: Channel): Driver | undefined => drivers.get(channel)

/** The channels that something carries; rows of the others stay queued. */
export const openChannels = (): Channel[] => [...drivers.keys()]
