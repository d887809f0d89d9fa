import { transaction } from '#shared/transaction'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard } from '#deliveries/mails/debtor_mail'
import { registerRecipe } from '#deliveries/recipes'
import { invitationUrl } from '#users/invitation_link'
import Invitation from '#users/models/invitation'

/** An invited user's email: a link of its own, as good as the one shown on the screen and over with it. */
registerRecipe('users.invitation', async (delivery, at) => {
  const invitation = await Invitation.query()
    .where('id', Number(delivery.parameters.id))
    .preload('user')
    .firstOrFail()
  const { user, usedAt, expiresAt } = invitation
  if (usedAt || expiresAt <= at || user.disabledAt) return { cancel: 'invitation_over' }
  const token = await transaction((trx) => invitation.anotherLink(trx))
  const locale = user.locale === 'en' ? 'en' : 'fr'
  return composeMail(
    'invitation',
    {
      agency: await agencyCard(),
      fullName: user.fullName,
      invitedBy: null,
      url: invitationUrl(token),
      expiresAt,
    },
    locale
  )
})
