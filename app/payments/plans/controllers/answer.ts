import type { HttpContext } from '@adonisjs/core/http'
import { findClaim } from '#claims/visible_claims'
import { AnswerPlan, type Answer } from '#payments/plans/actions/answer_plan'
import Plan from '#payments/plans/models/plan'
import { planNote } from '#payments/plans/validators'

/** A person's answer about the last plan of a file, then back to it; one that is over waits for none. */
export async function answerPlan(ctx: HttpContext, kind: Answer['kind']) {
  const { auth, i18n, params, request, response, session } = ctx
  const user = auth.getUserOrFail()
  const claim = await findClaim(user, params.ref)
  const plan = await Plan.query().where('claimId', claim.id).orderBy('id', 'desc').first()
  const { note } = await request.validateUsing(planNote)
  const answer = { kind, userId: user.id, note: note ?? null }
  const outcome = plan ? await new AnswerPlan().handle(plan.id, answer) : 'over'
  session.flash('success', i18n.t(`payments.plans.flash.${outcome === 'done' ? kind : 'over'}`))
  return response.redirect().toPath(`/claims/${claim.ref}`)
}
