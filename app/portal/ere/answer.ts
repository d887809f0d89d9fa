import type { HttpContext } from '@adonisjs/core/http'
import { AnswerEre } from '#registered_mail/ere/actions/answer_ere'
import { actorOf, sendingPage, toSending } from '#portal/ere/pages'
import { answerForm } from '#portal/ere/validators'

/** One answer, by who was identified, to the words that were on the page. */
export async function answerWith(ctx: HttpContext, answer: 'accept' | 'refuse') {
  const { i18n, recipient, request } = ctx
  if (!recipient.isIdentified) return toSending(ctx)
  const [, form] = await request.tryValidateUsing(answerForm)
  if (!form) return sendingPage(ctx, [{ field: answer, key: 'statement_changed' }])
  const outcome = await new AnswerEre().handle({
    ereId: recipient.ere.id,
    answer,
    reason: form.reason,
    locale: i18n.locale,
    statementSha256: form.statement,
    actor: actorOf(ctx),
  })
  if (outcome === 'statement_changed') return sendingPage(ctx, [{ field: answer, key: 'statement_changed' }])
  return toSending(ctx)
}
