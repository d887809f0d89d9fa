import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { clock } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { stripeGateway } from '#payments/gateway'
import { shareForm, type Problem } from '#portal/problems'
import { readStatement } from '#portal/statement'

/** "Votre échéancier": what was agreed on, or what is put to the debtor to agree on. */
export async function planPage(ctx: HttpContext, problems: readonly Problem[] = []) {
  const { portal, response, view } = ctx
  const plan = await portal.plan()
  if (!plan) return response.redirect().status(303).toPath('/p')
  shareForm(ctx, problems)
  const statement = await readStatement(portal.claim, clock.today())
  const agency = await Agency.currentOrFail()
  return view.render('pages/portal/plan', {
    plan,
    next: plan.instalments.find(({ openCents }) => openCents > 0),
    openCents: statement.payableCents,
    canPayOnline: stripeGateway() !== null && (await portal.claim.creditor.takesOnline()),
    canTransfer: agency.dedicatedIban !== null,
    inWords: eurosInWords(plan.totalCents),
  })
}
