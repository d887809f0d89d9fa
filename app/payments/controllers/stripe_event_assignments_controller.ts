import type { HttpContext } from '@adonisjs/core/http'
import { AssignEvent } from '#payments/actions/assign_event'
import StripeEvent from '#payments/models/stripe_event'
import { assignment } from '#payments/validators'

/** Gives unmatched money to the file a person names. */
export default class StripeEventAssignmentsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const event = await StripeEvent.findOrFail(params.id)
    const { claim } = await request.validateUsing(assignment)
    const { outcome } = await new AssignEvent().handle({
      eventId: event.id,
      claimRef: claim,
      userId: auth.getUserOrFail().id,
    })
    const done = outcome === 'posted' || outcome === 'already_posted'
    session.flash(done ? 'success' : 'error', i18n.t(`payments.waiting.assigned.${outcome}`, { claim }))
    return response.redirect().toPath(outcome === 'posted' ? `/claims/${claim}` : '/payments')
  }
}
