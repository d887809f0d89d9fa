import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { answerDay } from '#claims/actions/raise_dispute'
import { DISPUTE_REASONS } from '#claims/models/dispute'
import ContestClaim from '#portal/actions/contest_claim'
import { copySentTo } from '#portal/confirmations'
import { readEvidence } from '#portal/evidence'
import { problemsOf, shareForm, type Problem } from '#portal/problems'
import { readStatement } from '#portal/statement'
import { disputeForm } from '#portal/validators'

/** "Je conteste". */
export default class DisputesController {
  create(ctx: HttpContext) {
    return this.#form(ctx, [])
  }

  async store(ctx: HttpContext) {
    const { i18n, portal, request, response } = ctx
    const [report, form] = await request.tryValidateUsing(disputeForm)
    const { evidence, problem } = await readEvidence(request)
    if (report || problem) {
      return this.#form(ctx, [...(report ? problemsOf(report) : []), ...(problem ? [problem] : [])])
    }

    await new ContestClaim().handle({
      claim: portal.claim,
      reason: form.reason,
      message: form.message,
      invoiceIds: form.scope === 'some' ? form.invoices : [],
      evidence,
      email: form.email ?? null,
      locale: i18n.locale,
    })
    return response.redirect().status(303).toPath('/p/dispute')
  }

  /** What happens next; later, what was answered. */
  async show({ portal, response, view }: HttpContext) {
    const dispute = await portal.disputes().first()
    if (!dispute) return response.redirect().toPath('/p')
    const files = await portal.documents().where('kind', 'dispute').where('createdAt', dispute.createdAt)
    const copyTo = await copySentTo({ name: 'dispute', id: dispute.id })
    return view.render('pages/portal/dispute_sent', { dispute, fileCount: files.length, copyTo })
  }

  async #form(ctx: HttpContext, problems: Problem[]) {
    const { portal, response, view } = ctx
    const statement = await readStatement(portal.claim, clock.today())
    if (statement.standing !== 'due') return response.redirect().toPath('/p')
    if (await portal.disputes().whereNull('resolvedAt').first()) {
      return response.redirect().toPath('/p/dispute')
    }
    shareForm(ctx, problems)
    return view.render('pages/portal/dispute', {
      statement,
      reasons: DISPUTE_REASONS,
      answerBy: answerDay(statement.on),
    })
  }
}
