import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { BankLineSchema } from '#database/schema'
import { sum, type Cents } from '#shared/money'
import { dialect, transaction } from '#shared/transaction'
import BankMatch from '#banking/models/bank_match'
import BankStatement from '#banking/models/bank_statement'
import User from '#users/models/user'

export const LINE_STATES = ['open', 'suggested', 'matched', 'ignored'] as const
export type LineState = (typeof LINE_STATES)[number]

/** Reasons to ignore a line that are ours; a person writes theirs in words. */
export const SYSTEM_REASONS = ['stripe_payout', 'nothing'] as const

/** One movement of an account, once however many files tell it (rule 31). */
export default class BankLine extends BankLineSchema {
  static override table = 'bank_lines'
  declare state: LineState

  @belongsTo(() => BankStatement, { foreignKey: 'statementId' })
  declare statement: BelongsTo<typeof BankStatement>

  @hasMany(() => BankMatch, { foreignKey: 'lineId' })
  declare matches: HasMany<typeof BankMatch>

  @belongsTo(() => User)
  declare user: BelongsTo<typeof User>

  /** The line as it is now, kept from any other who would decide on it until the transaction ends. */
  static async locked(trx: TransactionClientContract, id: number): Promise<BankLine> {
    const query = BankLine.query({ client: trx }).where('id', id)
    if (dialect() === 'postgres') query.forUpdate()
    const line = await query.firstOrFail()
    await line.load('matches', (matches) => matches.orderBy('part'))
    return line
  }

  /** No debtor's money, and why. False when something was decided of it already. */
  async ignore({ reason, by }: { reason: string; by: User }): Promise<boolean> {
    return transaction(async (trx) => {
      const line = await BankLine.locked(trx, this.id)
      if (!line.isUndecided) return false
      await line.merge({ state: 'ignored', ignoredReason: reason, userId: by.id }).save()
      return true
    })
  }

  /** It is looked at again, by a person. */
  async reopen(): Promise<boolean> {
    return transaction(async (trx) => {
      const line = await BankLine.locked(trx, this.id)
      if (line.state !== 'ignored') return false
      await line.merge({ state: 'open', ignoredReason: null, userId: null }).save()
      return true
    })
  }

  /** Nothing of it is posted and nobody has set it aside. Needs its matches loaded. */
  get isUndecided() {
    return ['open', 'suggested'].includes(this.state) && this.standingMatches.length === 0
  }

  /** Needs its matches loaded. */
  get standingMatches(): BankMatch[] {
    return this.matches.filter(({ undoneAt }) => !undoneAt)
  }

  /** What of the line is posted to no file yet, positive. Needs its matches loaded. */
  get leftCents(): Cents {
    return Math.abs(this.amountCents) - sum(this.standingMatches.map(({ amountCents }) => amountCents))
  }
}
