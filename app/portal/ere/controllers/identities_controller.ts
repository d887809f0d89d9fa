import type { HttpContext } from '@adonisjs/core/http'
import { Identify } from '#registered_mail/ere/actions/identify'
import { LETTER_CODE_SHAPE } from '#letters/letter_codes'
import { CODE_SHAPE } from '#registered_mail/ere/codes'
import { actorOf, sendingPage, toSending } from '#portal/ere/pages'
import RecipientSession from '#portal/ere/session'
import { codeForm } from '#portal/ere/validators'

/** The code that was received, or that a letter bears. */
export default class IdentitiesController {
  async store(ctx: HttpContext) {
    const { recipient, request, session } = ctx
    const [, form] = await request.tryValidateUsing(codeForm)
    const { field, shape, faults } = ASKED[request.input('from') === 'letter' ? 'letter' : 'message']
    const code = form?.code.replace(/\s/g, '') ?? ''
    if (!shape.test(code)) return sendingPage(ctx, [{ field, key: faults.shape }])
    const ereId = recipient.ere.id
    const outcome = await new Identify().handle({ ereId, code, actor: actorOf(ctx) })
    if (outcome !== 'right') return sendingPage(ctx, [{ field, key: faults[outcome] }])
    RecipientSession.identify(session, ereId)
    return toSending(ctx)
  }
}

const ASKED = {
  message: {
    field: 'code',
    shape: CODE_SHAPE,
    faults: { shape: 'code_shape', wrong: 'code_wrong', over: 'code_over' },
  },
  letter: {
    field: 'letter',
    shape: LETTER_CODE_SHAPE,
    faults: { shape: 'letter_code_shape', wrong: 'letter_code_wrong', over: 'letter_code_over' },
  },
}
