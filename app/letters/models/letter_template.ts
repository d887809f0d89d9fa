import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { LetterTemplateSchema } from '#database/schema'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Creditor from '#creditors/models/creditor'
import TemplateVersion from '#letters/models/template_version'
import { isPlainChannel, type TemplateChannel } from '#letters/templates/channels'
import type { Audience } from '#letters/templates/forbidden'
import { plainTemplate, sanitise } from '#letters/templates/html'
import type { Language } from '#letters/templates/language'
import { refusalsOf, type LintMessage, type TemplateText } from '#letters/templates/lint'
import type User from '#users/models/user'

/** What a person writes in a draft. */
export interface Wording {
  name?: string
  subject: string
  /** Nothing keeps the words there are: a form too long to come back whole must not empty the draft. */
  body?: string
}

export type Publication =
  | { outcome: 'published'; version: TemplateVersion }
  | { outcome: 'refused'; messages: LintMessage[] }
  | { outcome: 'nothing_to_publish' }

/**
 * A letter or message written by the agency. Its published versions never
 * change; what is being written is its draft, of which there is at most one.
 */
export default class LetterTemplate extends LetterTemplateSchema {
  static override table = 'letter_templates'
  declare channel: TemplateChannel
  declare language: Language
  declare audience: Audience

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @hasMany(() => TemplateVersion, { foreignKey: 'templateId' })
  declare versions: HasMany<typeof TemplateVersion>

  draft(trx?: TransactionClientContract) {
    return this.versionIn('draft', trx)
  }

  /** The one in use; null before the first publication. */
  published(trx?: TransactionClientContract) {
    return this.versionIn('published', trx)
  }

  /** What the linter reads. */
  textOf({ subject, body }: Pick<TemplateVersion, 'subject' | 'body'>): TemplateText {
    const { channel, language, audience } = this
    return { channel, language, audience, subject, body }
  }

  /** Only what a template may be made of is kept. A template without a draft gets one: its published words stay. */
  async write({ name, subject, body, by }: Wording & { by: User }): Promise<TemplateVersion> {
    return transaction(async (trx) => {
      if (name) {
        this.name = name
        await this.useTransaction(trx).save()
      }
      const draft = (await this.draft(trx)) ?? (await this.newDraft(trx, by))
      const clean = isPlainChannel(this.channel) ? plainTemplate : sanitise
      return draft
        .merge({
          subject: subject.trim(),
          body: body ? clean(body) : draft.body,
          userId: by.id,
          updatedAt: clock.now(),
        })
        .save()
    })
  }

  /** D5: a stored image, or none. */
  async setLogo(logoSha256: string | null, by: User, open?: TransactionClientContract) {
    await transaction(async (trx) => {
      const draft = (await this.draft(trx)) ?? (await this.newDraft(trx, by))
      await draft.merge({ logoSha256, updatedAt: clock.now() }).save()
    }, open)
  }

  /** Rules 11 and 12: what the law does not let pass is not published; what is published is frozen by its hash. */
  async publish(by: User): Promise<Publication> {
    return transaction(async (trx) => {
      const draft = await this.draft(trx)
      if (!draft) return { outcome: 'nothing_to_publish' }
      const messages = refusalsOf(this.textOf(draft))
      if (messages.length > 0) return { outcome: 'refused', messages }
      const now = clock.now()
      await draft
        .merge({
          state: 'published',
          contentSha256: draft.hashIn(this),
          publishedAt: now,
          publishedById: by.id,
          updatedAt: now,
        })
        .save()
      return { outcome: 'published', version: draft }
    })
  }

  /** What was being written is given up; the published words go on. False when there is nothing to go back to. */
  async discardDraft(): Promise<boolean> {
    return transaction(async (trx) => {
      const draft = await this.draft(trx)
      if (!draft || !(await this.published(trx))) return false
      await draft.delete()
      return true
    })
  }

  /** A change makes a new draft, which begins with what is published. */
  private async newDraft(trx: TransactionClientContract, by: User): Promise<TemplateVersion> {
    const last = await this.published(trx)
    const now = clock.now()
    return TemplateVersion.create(
      {
        templateId: this.id,
        number: (last?.number ?? 0) + 1,
        state: 'draft',
        subject: last?.subject ?? '',
        body: last?.body ?? '',
        logoSha256: last?.logoSha256 ?? null,
        userId: by.id,
        createdAt: now,
        updatedAt: now,
      },
      { client: trx }
    )
  }

  private versionIn(state: TemplateVersion['state'], trx?: TransactionClientContract) {
    const query = TemplateVersion.query(trx ? { client: trx } : {})
      .where({ templateId: this.id, state })
      .orderBy('number', 'desc')
    if (trx) void query.forUpdate()
    return query.first()
  }
}
