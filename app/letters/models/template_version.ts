import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { TemplateVersionSchema } from '#database/schema'
import { sha256 } from '#shared/files'
import LetterTemplate from '#letters/models/letter_template'
import User from '#users/models/user'

/** The words of a template, as they are being written (`draft`) or for ever (`published`, rule 12). */
export default class TemplateVersion extends TemplateVersionSchema {
  static override table = 'template_versions'
  declare state: 'draft' | 'published'

  @belongsTo(() => LetterTemplate, { foreignKey: 'templateId' })
  declare template: BelongsTo<typeof LetterTemplate>

  @belongsTo(() => User, { foreignKey: 'publishedById' })
  declare publishedBy: BelongsTo<typeof User>

  /** Of everything that decides what is written from it. */
  hashIn({ channel, language, audience }: LetterTemplate): string {
    const { subject, body, logoSha256 } = this
    return sha256(JSON.stringify({ channel, language, audience, subject, body, logoSha256 }))
  }
}
