import type { MailData, MailTemplate } from '#deliveries/mails/data'
import type { Outline } from '#deliveries/mails/outline'
import type { Words } from '#deliveries/mails/words'

/** How some emails are made of their data. */
export type Outliners<Template extends MailTemplate> = {
  [T in Template]: (data: MailData[T], words: Words) => Outline
}
