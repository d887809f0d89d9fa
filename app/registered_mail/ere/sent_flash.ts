import type { HttpContext } from '@adonisjs/core/http'
import type { Sent } from '#registered_mail/ere/actions/send_ere'

type Outcome =
  Exclude<Sent, { outcome: 'refused' }> | { outcome: 'refused'; reason: string } | { outcome: 'over' }

/** Says what came of "Envoyer courrier", with the reason when nothing left. */
export function sentFlash({ session, i18n }: Pick<HttpContext, 'session' | 'i18n'>, sent: Outcome) {
  const why = (key: string, otherwise: string) => (i18n.hasMessage(key) ? i18n.t(key) : otherwise)
  if (sent.outcome === 'sent') session.flash('success', i18n.t('ere.flash.sent', { ref: sent.letter.ref }))
  else if (sent.outcome === 'already_sent') session.flash('success', i18n.t('ere.flash.already_sent'))
  else if (sent.outcome === 'over') session.flash('error', i18n.t('ere.flash.over'))
  else if (sent.outcome === 'refused') {
    const reason = why(`ere.refusals.${sent.reason}`, i18n.t('ere.refusals.other'))
    session.flash('error', i18n.t('ere.flash.refused', { why: reason }))
  } else if (sent.outcome === 'not_written') {
    const reason = why(`letters.failure.${sent.reason}`, sent.reason)
    session.flash('error', i18n.t('ere.flash.not_written', { ref: sent.letter.ref, why: reason }))
  }
}
