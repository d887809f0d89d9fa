import { belongsTo } from '@adonisjs/lucid/orm'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { LetterSchema } from '#database/schema'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import { recordEvent } from '#claims/events'
import { letterListeners } from '#letters/outcomes'
import { isNumberTaken } from '#letters/registered_number'
import TemplateVersion from '#letters/models/template_version'
import type User from '#users/models/user'
import type { LetterKind } from '#letters/letter_content'

/**
 * queued: to be rendered · rendered: its PDF is stored and never changes (rule
 * 12) · printed: a person put it in the post · failed: `failure` says why ·
 * cancelled: its file stopped before it was rendered.
 */
export const LETTER_STATES = ['queued', 'rendered', 'printed', 'failed', 'cancelled'] as const
export type LetterState = (typeof LETTER_STATES)[number]

/** What came of saying that a letter was posted. */
export type Dispatched = 'posted' | 'corrected' | 'not_printable' | 'with_provider' | 'number_taken'

export default class Letter extends LetterSchema {
  static override table = 'letters'
  declare kind: LetterKind
  declare state: LetterState

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  /** The words that wrote it; none for a built-in letter. */
  @belongsTo(() => TemplateVersion)
  declare templateVersion: BelongsTo<typeof TemplateVersion>

  /**
   * D12: a person has put it in the post; a registered one with the number on
   * its slip. Saying so again corrects the number. Refused while it has no PDF
   * or a provider carries it, and for a number that another letter has.
   */
  async dispatch({
    registeredNumber,
    by,
  }: {
    registeredNumber: string | null
    by: User
  }): Promise<Dispatched> {
    return transaction(async (trx) => {
      this.useTransaction(trx)
      await this.refresh()
      const number = this.kind === 'lrar' ? registeredNumber : null
      if (this.state !== 'rendered' && this.state !== 'printed') return 'not_printable'
      if (this.route !== 'manual') return 'with_provider'
      if (number && (await isNumberTaken(trx, number, this.id))) return 'number_taken'
      const first = this.state === 'rendered'
      this.state = 'printed'
      this.printedAt ??= clock.now()
      this.registeredNumber = number
      const changed = first || this.$isDirty
      await this.save()
      if (changed) await this.#tellPosted(trx, by)
      if (first) {
        await recordEvent(trx, {
          claimId: this.claimId,
          type: 'letters.dispatched',
          actor: 'user',
          userId: by.id,
          detail: { letter: this.ref, registeredNumber: this.registeredNumber },
        })
      }
      return first ? 'posted' : 'corrected'
    })
  }

  async #tellPosted(trx: TransactionClientContract, by: User) {
    const { registeredNumber } = this
    for (const listener of letterListeners()) {
      await listener.posted?.(trx, { letterId: this.id, registeredNumber, userId: by.id })
    }
  }
}
