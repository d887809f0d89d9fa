import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { clock } from '#shared/clock'
import { stripeGateway } from '#payments/gateway'
import { shareForm, type Problem } from '#portal/problems'
import { mayPlan } from '#portal/plan_choice'
import { readStatement } from '#portal/statement'
import { slotHoursKey } from '#portal/contact'

/** The debtor's file on one page, again with its payment form's problems when there are some. */
export async function overviewPage(ctx: HttpContext, problems: readonly Problem[] = []) {
  const { portal } = ctx
  const on = clock.today()
  const [dispute, time, callback, debit] = [
    await portal.disputes().whereNull('resolvedAt').first(),
    await portal.requests('time').whereNull('handledAt').first(),
    await portal.requests('callback').whereNull('handledAt').where('wantedOn', '>=', on).first(),
    await portal.paymentAttempts().where('state', 'processing').first(),
  ]
  const plan = await portal.plan()
  const agency = await Agency.currentOrFail()
  const statement = await readStatement(portal.claim, on)
  shareForm(ctx, problems)
  return ctx.view.render('pages/portal/show', {
    statement,
    plan,
    mayPlan: !plan && !dispute && mayPlan(portal.claim, statement),
    offer: await portal.offer(on),
    dispute,
    time,
    callback: callback && { ...callback.$attributes, hours: slotHoursKey(callback.slot) },
    debit,
    letters: await portal.letters(),
    receipts: await portal.receipts(),
    documents: await portal.documents(),
    mandate: await portal.claim.creditor.mandateOn(on),
    cancelled: ctx.request.input('payment') === 'cancelled',
    canPayOnline: stripeGateway() !== null && (await portal.claim.creditor.takesOnline()),
    canTransfer: agency.dedicatedIban !== null,
  })
}
