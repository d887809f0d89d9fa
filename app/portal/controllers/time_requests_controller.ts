import type { HttpContext } from '@adonisjs/core/http'
import { addDays, addMonths } from '#shared/calendar'
import { civilDateAt, clock } from '#shared/clock'
import { frenchDate } from '#shared/french'
import type Claim from '#claims/models/claim'
import PromiseToPay from '#payments/plans/models/promise'
import AskPerson from '#portal/actions/ask_person'
import { copySentTo } from '#portal/confirmations'
import { requestAnswerDay } from '#portal/answers'
import { problemsOf, shareForm, type Problem } from '#portal/problems'
import { readStatement } from '#portal/statement'
import { timeRequest } from '#portal/validators'

/** How far a debtor may look; beyond, a plan is the way, and a person makes it. */
const MONTHS_AHEAD = 6

/** "J'ai besoin de temps". */
export default class TimeRequestsController {
  create(ctx: HttpContext) {
    return this.#form(ctx, [])
  }

  async store(ctx: HttpContext) {
    const { i18n, portal, request, response } = ctx
    if (!(await this.#isDue(portal.claim))) return response.redirect().toPath('/p')
    const reach = this.#reach()
    const [report, form] = await request.tryValidateUsing(timeRequest, { meta: reach })
    if (report) {
      const range = { from: frenchDate(reach.from), until: frenchDate(reach.until) }
      return this.#form(ctx, problemsOf(report, { wanted_on: range }))
    }

    await new AskPerson().handle({
      claim: portal.claim,
      request: { kind: 'time', wantedOn: form.wanted_on, message: form.message ?? null },
      email: form.email ?? null,
      locale: i18n.locale,
    })
    return response.redirect().status(303).toPath('/p/time')
  }

  async show({ portal, response, view }: HttpContext) {
    const asked = await portal.requests('time').first()
    if (!asked) return response.redirect().toPath('/p')
    const copyTo = await copySentTo({ name: 'time', id: asked.id })
    const answerBy = requestAnswerDay(civilDateAt(asked.createdAt))
    const promise = await PromiseToPay.query().where('requestId', asked.id).where('state', 'open').first()
    return view.render('pages/portal/time_sent', { asked, answerBy, copyTo, promise })
  }

  #reach() {
    const today = clock.today()
    return { from: addDays(today, 1), until: addMonths(today, MONTHS_AHEAD) }
  }

  async #form(ctx: HttpContext, problems: Problem[]) {
    const { portal, response, view } = ctx
    if (!(await this.#isDue(portal.claim))) return response.redirect().toPath('/p')
    shareForm(ctx, problems)
    return view.render('pages/portal/time', {
      reach: this.#reach(),
      answerBy: requestAnswerDay(clock.today()),
    })
  }

  async #isDue(claim: Claim) {
    return (await readStatement(claim, clock.today())).standing === 'due'
  }
}
