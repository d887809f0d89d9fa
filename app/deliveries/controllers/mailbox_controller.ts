import type { I18n } from '@adonisjs/i18n'
import type { HttpContext } from '@adonisjs/core/http'
import { queryOf, saneFilters } from '#shared/sane_filters'
import { settlementsOf } from '#deliveries/actions/settle_delivery'
import Delivery from '#deliveries/models/delivery'
import { DeliveryList, smsWait } from '#deliveries/queries/delivery_list'
import { keptMessage, withoutLinks } from '#deliveries/queries/kept_message'
import { reasonText, subjectMatterText } from '#deliveries/wording'
import type { Driver } from '#deliveries/drivers/driver'
import { driverOf } from '#deliveries/drivers/registry'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { mailboxFilters } from '#deliveries/validators'

/** What left, what waits, what nobody can tell; in the demo, what would have gone. */
export default class MailboxController {
  async index({ i18n, request, view }: HttpContext) {
    const { page = 1, ...asked } = await saneFilters(mailboxFilters, request.qs())
    const list = new DeliveryList(asked)
    return view.render('pages/deliveries/index', {
      found: await list.page(page),
      counts: await list.countsByState(),
      asked,
      smsWait: await smsWait(),
      carrier: carrierOf(driverOf({ channel: 'email', route: null })),
      tabHref: (state: string) => `/mailbox${queryOf({ ...asked, state: state === 'all' ? '' : state })}`,
      ...wordingIn(i18n),
    })
  }

  async show({ auth, i18n, params, view }: HttpContext) {
    const delivery = await Delivery.query().where('id', params.id).preload('claim').firstOrFail()
    const message = await keptMessage(delivery)
    const mayFollowLinks = auth.getUserOrFail().role === 'admin'
    return view.render('pages/deliveries/show', {
      delivery,
      message,
      text: message?.text && (mayFollowLinks ? message.text : withoutLinks(message.text)),
      mayFollowLinks,
      settlements: settlementsOf(delivery),
      reason: reasonText(i18n, delivery),
      ...wordingIn(i18n),
    })
  }
}

/** Emails leave by SMTP, are only kept here, or wait for somebody to set SMTP up. */
const carrierOf = (driver: Driver | undefined) =>
  driver === undefined ? 'none' : driver === mailboxDriver ? 'mailbox' : 'smtp'

const wordingIn = (i18n: I18n) => ({
  matter: (delivery: Delivery) => subjectMatterText(i18n, delivery),
  kind: (delivery: Delivery) => {
    if (delivery.channel === 'sms') return 'SMS'
    return delivery.subject ? subjectMatterText(i18n, delivery) : i18n.t('deliveries.list.not_written')
  },
  why: (delivery: Delivery) => (delivery.state === 'sent' ? null : reasonText(i18n, delivery)),
})
