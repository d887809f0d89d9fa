import { belongsTo, hasMany } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo, HasMany } from '@adonisjs/lucid/types/relations'
import { ClaimSchema } from '#database/schema'
import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import Creditor from '#creditors/models/creditor'
import Debtor, { type DebtorKind } from '#debtors/models/debtor'
import Invoice from '#claims/models/invoice'
import ClaimEvent from '#claims/models/claim_event'
import Document from '#claims/models/document'
import Pause, { GRACE_PAUSE } from '#claims/models/pause'
import Closure, { type ClosureReason } from '#claims/models/closure'
import { actorOf, recordEvent, type EventInput } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import { refreshStatus } from '#claims/status'

export const CLAIM_STATUSES = ['new', 'active', 'paused', 'disputed', 'paid', 'closed'] as const
export type ClaimStatus = (typeof CLAIM_STATUSES)[number]

/** A file (dossier): what one debtor owes one creditor. */
export default class Claim extends ClaimSchema {
  static override table = 'claims'
  declare kind: DebtorKind
  declare status: ClaimStatus

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @belongsTo(() => Debtor)
  declare debtor: BelongsTo<typeof Debtor>

  @hasMany(() => Invoice)
  declare invoices: HasMany<typeof Invoice>

  @hasMany(() => ClaimEvent)
  declare events: HasMany<typeof ClaimEvent>

  @hasMany(() => Document)
  declare documents: HasMany<typeof Document>

  /** U3: nothing goes until `untilOn` (or until resumed), and the reason is kept. Pausing twice replaces the pause. */
  async pause({ reason, untilOn, by }: { reason: string; untilOn: CivilDate | null; by: User }) {
    await transaction(async (trx) => {
      await lockClaim(trx, this.id)
      await this.liftPauses(trx)
      await Pause.create(
        { claimId: this.id, reason, untilOn, userId: by.id, createdAt: clock.now() },
        { client: trx }
      )
      await this.settle(trx, {
        type: 'claim.paused',
        actor: actorOf(by),
        userId: by.id,
        detail: { reason, untilOn },
      })
    })
  }

  /** Ends the open pause, if any; one that a judge granted has its own end. */
  async resume({ by }: { by: User }) {
    await transaction(async (trx) => {
      await lockClaim(trx, this.id)
      if ((await this.liftPauses(trx)) === 0) return
      await this.settle(trx, { type: 'claim.resumed', actor: actorOf(by), userId: by.id })
    })
  }

  /** R19 and the end of the amicable road: a closed file gets nothing more. Closing twice changes nothing. */
  async close(
    { reason, note, by }: { reason: ClosureReason; note: string | null; by: User },
    open?: TransactionClientContract
  ) {
    await transaction(async (trx) => {
      await lockClaim(trx, this.id)
      if (await Closure.query({ client: trx }).where('claimId', this.id).first()) return
      await Closure.create(
        { claimId: this.id, reason, note, userId: by.id, createdAt: clock.now() },
        { client: trx }
      )
      await this.settle(trx, { type: 'claim.closed', actor: actorOf(by), userId: by.id, detail: { reason } })
    }, open)
  }

  private async liftPauses(trx: TransactionClientContract): Promise<number> {
    const lifted = await trx
      .from('pauses')
      .where('claim_id', this.id)
      .whereNull('lifted_at')
      .whereNot('reason', GRACE_PAUSE)
      .update({ lifted_at: clock.now() })
    return Number(lifted)
  }

  private async settle(trx: TransactionClientContract, event: Omit<EventInput, 'claimId'>) {
    await refreshStatus(trx, 'claims.id = ?', [this.id])
    await recordEvent(trx, { ...event, claimId: this.id })
  }
}
