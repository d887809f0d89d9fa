import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import LetterTemplate from '#letters/models/letter_template'
import TemplateVersion from '#letters/models/template_version'
import { isLetterChannel, isPlainChannel, type TemplateChannel } from '#letters/templates/channels'
import type { Audience } from '#letters/templates/forbidden'
import { plainTemplate, sanitise } from '#letters/templates/html'
import type { Language } from '#letters/templates/language'
import { startOf } from '#letters/templates/starts'
import type User from '#users/models/user'

export interface NewTemplate {
  name: string
  slug: string
  creditorId: number | null
  channel: TemplateChannel
  language: Language
  audience: Audience
  /** A template to begin with, of the same family; the built-in words otherwise. */
  copyOf?: LetterTemplate | null
}

export type Created = { outcome: 'created'; template: LetterTemplate } | { outcome: 'name_taken' }

/** A new template, with a first draft to go on from. */
export class CreateTemplate {
  async handle({ copyOf, ...values }: NewTemplate, by: User): Promise<Created> {
    return transaction(async (trx) => {
      const { slug, creditorId, language, audience } = values
      const query = LetterTemplate.query({ client: trx }).where({ slug, language, audience })
      if (creditorId === null) void query.whereNull('creditorId')
      else void query.where({ creditorId })
      if (await query.first()) return { outcome: 'name_taken' }
      const now = clock.now()
      const template = await LetterTemplate.create(
        { ...values, userId: by.id, createdAt: now },
        { client: trx }
      )
      const source = copyOf && ((await copyOf.published(trx)) ?? (await copyOf.draft(trx)))
      const { subject, body } = source ?? startOf(template.channel, template.language)
      await TemplateVersion.create(
        {
          templateId: template.id,
          number: 1,
          state: 'draft',
          subject: isPlainChannel(template.channel) ? '' : subject,
          body: isPlainChannel(template.channel) ? plainTemplate(body) : sanitise(body),
          logoSha256: isLetterChannel(template.channel) ? (source?.logoSha256 ?? null) : null,
          userId: by.id,
          createdAt: now,
          updatedAt: now,
        },
        { client: trx }
      )
      return { outcome: 'created', template }
    })
  }
}
