import type { HttpContext } from '@adonisjs/core/http'
import { entryProblems } from '#payments/plans/acknowledgement'
import { AnswerOffer } from '#payments/plans/actions/answer_offer'
import { planPage } from '#portal/plan_page'
import { problemsOf } from '#portal/problems'
import { deedEntry } from '#portal/validators'

/** The debtor agrees to a plan that was put to them, in their own figures and words. */
export default class PlanAcceptancesController {
  async store(ctx: HttpContext) {
    const { portal, request, response } = ctx
    const plan = await portal.plan()
    if (!plan?.isOffer) return response.redirect().status(303).toPath('/p/plan')
    const [report, entry] = await request.tryValidateUsing(deedEntry)
    if (report) return planPage(ctx, problemsOf(report))
    const wrong = entryProblems(entry, plan.totalCents)
    if (wrong.length > 0)
      return planPage(
        ctx,
        wrong.map((field) => ({ field, key: `plan_${field}` }))
      )
    const userAgent = request.header('user-agent') ?? null
    const done = await new AnswerOffer().accept(portal.claim.id, { entry, ip: request.ip(), userAgent })
    return response
      .redirect()
      .status(303)
      .toPath(done === 'changed' ? '/p/plan/new' : '/p/plan')
  }
}
