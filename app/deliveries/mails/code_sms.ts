import type { MailLocale } from '#deliveries/mails/data'
import { wordsIn } from '#deliveries/mails/words'
import type { SmsContent } from '#deliveries/recipes'
import { inPlainSigns } from '#deliveries/sms_text'

/** A one-time code in one SMS, the code first, where a telephone finds it. */
export function codeSms(
  code: { code: string; ref: string; agency: string; minutes: number },
  locale: MailLocale
): SmsContent {
  const { t } = wordsIn(locale)
  return { sms: inPlainSigns(t('ere.code.sms', code)) }
}
