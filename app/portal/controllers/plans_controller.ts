import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { saneFilters } from '#shared/sane_filters'
import { entryProblems } from '#payments/plans/acknowledgement'
import { ProposePlan } from '#payments/plans/actions/propose_plan'
import { PLAN_DAYS } from '#payments/plans/rules'
import { choosePlan, mayPlan } from '#portal/plan_choice'
import { planPage } from '#portal/plan_page'
import { problemsOf, shareForm, type Problem } from '#portal/problems'
import { readStatement } from '#portal/statement'
import { planAgreement, planChoice } from '#portal/validators'

/** "Payer en plusieurs fois". */
export default class PlansController {
  /** The schedule is shown before anything is agreed to. */
  async create(ctx: HttpContext) {
    return this.#page(ctx, await saneFilters(planChoice, ctx.request.qs()), [])
  }

  async store(ctx: HttpContext) {
    const { i18n, portal, request, response } = ctx
    const [report, form] = await request.tryValidateUsing(planAgreement)
    const asked = { count: Number(request.input('months')), day: Number(request.input('day')) }
    const shown = await saneFilters(planChoice, asked)
    if (report) return this.#page(ctx, shown, problemsOf(report))
    const wrong = entryProblems(form, form.total)
    if (wrong.length > 0) {
      return this.#page(
        ctx,
        shown,
        wrong.map((field) => ({ field, key: `plan_${field}` }))
      )
    }
    const { outcome } = await new ProposePlan().handle({
      claimId: portal.claim.id,
      totalCents: form.total,
      months: form.months,
      dayOfMonth: form.day,
      entry: { figures: form.figures, words: form.words },
      ip: request.ip(),
      userAgent: request.header('user-agent') ?? null,
      locale: i18n.locale === 'en' ? 'en' : 'fr',
    })
    if (outcome === 'changed') return this.#page(ctx, shown, [{ field: 'figures', key: 'plan_changed' }])
    const isPlanned = outcome !== 'not_open' && outcome !== 'rate_missing'
    return response
      .redirect()
      .status(303)
      .toPath(isPlanned ? '/p/plan' : '/p')
  }

  async show(ctx: HttpContext) {
    return planPage(ctx)
  }

  async #page(ctx: HttpContext, asked: Parameters<typeof choosePlan>[2], problems: Problem[]) {
    const { portal, response, view } = ctx
    const today = clock.today()
    if (await portal.plan()) return response.redirect().toPath('/p/plan')
    const statement = await readStatement(portal.claim, today)
    const dispute = await portal.disputes().whereNull('resolvedAt').first()
    if (dispute || !mayPlan(portal.claim, statement)) return response.redirect().toPath('/p')
    const choice = choosePlan(portal.claim, statement, asked, today)
    shareForm(ctx, [...choice.problems, ...problems])
    return view.render('pages/portal/plan_new', {
      ...choice,
      days: PLAN_DAYS,
      inWords: eurosInWords(choice.draft.totalCents),
    })
  }
}
