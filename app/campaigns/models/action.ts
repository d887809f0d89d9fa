import { belongsTo } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo } from '@adonisjs/lucid/types/relations'
import { ActionSchema } from '#database/schema'
import { contactDayFrom } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import { recordEvent, type EventInput } from '#claims/events'
import type User from '#users/models/user'
import { firstLookAt } from '#campaigns/calendar'
import { keepGaps } from '#campaigns/due/gaps'
import Campaign from '#campaigns/models/campaign'
import ScenarioStep, { type StepChannel, type StepMode } from '#campaigns/models/scenario_step'
import type { Reason, StaffSkipReason } from '#campaigns/reasons'

/**
 * planned: its day has not come, or an earlier step is not over · to_confirm: waits for
 * a person · ready: confirmed, leaves at the next tick · done · skipped: will never go ·
 * deferred: looked at again at `dueAt` · failed: it could not leave and a person decides.
 */
export const ACTION_STATES = [
  'planned',
  'to_confirm',
  'ready',
  'done',
  'skipped',
  'deferred',
  'failed',
] as const
export type ActionState = (typeof ACTION_STATES)[number]

/** Neither done, skipped nor failed; a file in a campaign has at least one. */
export const OPEN_STATES = ['planned', 'to_confirm', 'ready', 'deferred'] as const satisfies ActionState[]

/** One step of one file. The tick moves it (`campaigns/due`); here is what a person does to it. */
export default class Action extends ActionSchema {
  static override table = 'actions'
  declare channel: StepChannel
  declare mode: StepMode
  declare state: ActionState
  declare reason: Reason | null

  @belongsTo(() => Campaign)
  declare campaign: BelongsTo<typeof Campaign>

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  @belongsTo(() => ScenarioStep, { foreignKey: 'stepId' })
  declare step: BelongsTo<typeof ScenarioStep>

  get isOpen() {
    return (OPEN_STATES as readonly ActionState[]).includes(this.state)
  }

  /** Takes the step out for good; the next one has its turn. False when it was already over. */
  skip({ reason, note, by }: { reason: StaffSkipReason; note: string | null; by: User }) {
    return this.change((trx) => {
      if (!this.isOpen && this.state !== 'failed') return null
      this.become({ state: 'skipped', reason, dueAt: null })
      return this.giveTurn(trx, { type: 'campaign.skipped', userId: by.id, detail: { reason, note } })
    })
  }

  /** Puts the step off to a day of contact, and the later ones with it; it then waits for a person again. */
  defer({ untilOn, by }: { untilOn: CivilDate; by: User }) {
    const plannedOn = contactDayFrom(untilOn)
    return this.change(async (trx) => {
      if (!this.isOpen) return null
      const dueAt = firstLookAt(plannedOn)
      await this.moveLaterSteps(trx, plannedOn)
      this.become({ state: 'deferred', reason: 'by_staff', plannedOn, dueAt, confirmedAt: null })
      return {
        type: 'campaign.deferred',
        userId: by.id,
        detail: { reason: 'by_staff', untilAt: dueAt },
      }
    })
  }

  /** D12 for what a person did with their own means: a call, their own message. */
  finishByHand({ by }: { by: User }) {
    return this.change(async (trx) => {
      if (this.state !== 'to_confirm' || this.mode !== 'manual') return null
      const today = clock.today()
      if (this.plannedOn < today) await this.moveLaterSteps(trx, today)
      this.become({ state: 'done', reason: null, dueAt: null, doneAt: clock.now() })
      await this.countContact(trx)
      return this.giveTurn(trx, { type: 'campaign.done_by_hand', userId: by.id })
    })
  }

  /** D16: its letter was sent in this transaction, by whoever holds this row. */
  async finishBySending(trx: TransactionClientContract, by: User) {
    this.useTransaction(trx)
    const now = clock.now()
    const today = clock.today()
    if (this.plannedOn < today) await this.moveLaterSteps(trx, today)
    this.become({
      state: 'done',
      reason: null,
      dueAt: null,
      doneAt: now,
      confirmedAt: now,
      confirmedById: by.id,
    })
    await this.countContact(trx)
    const told = await this.giveTurn(trx, { type: 'campaign.ere_queued', userId: by.id })
    await this.tell(trx, told)
  }

  /**
   * Has another letter made, of that day and by all the rules, in the place of one that could
   * not be written. An email that failed is sent again from the mailbox.
   */
  retryLetter({ by }: { by: User }) {
    return this.change(async (trx) => {
      if (this.state !== 'failed' || this.reason !== 'letter_failed') return null
      await trx
        .from('letters')
        .where({ action_id: this.id, state: 'failed' })
        .update({ state: 'cancelled', action_id: null })
      const now = clock.now()
      this.become({ state: 'ready', reason: null, dueAt: now, confirmedAt: now, confirmedById: by.id })
      return { type: 'campaign.retried', userId: by.id }
    })
  }

  /** R29: the amicable road ends here; the file is closed as handed over. */
  handOver({ note, by }: { note: string | null; by: User }) {
    return this.change(async (trx) => {
      if (this.channel !== 'hand_over' || this.state !== 'to_confirm') return null
      this.become({ state: 'done', doneAt: clock.now(), confirmedById: by.id, confirmedAt: clock.now() })
      await this.save()
      const claim = await Claim.findOrFail(this.claimId, { client: trx })
      await claim.close({ reason: 'handed_over', note, by }, trx)
      return { type: 'campaign.handed_over', userId: by.id }
    })
  }

  private become(values: Partial<Changeable>) {
    Object.assign(this, values)
  }

  /** Runs a change on the row as it is now, and writes its line; false when it no longer applies. */
  private change(
    work: (trx: TransactionClientContract) => Told | null | Promise<Told | null>
  ): Promise<boolean> {
    return transaction(async (trx) => {
      this.useTransaction(trx)
      await trx.from('actions').where('id', this.id).forUpdate().select('id')
      await this.refresh()
      const told = await work(trx)
      if (!told) return false
      await this.save()
      await this.tell(trx, told)
      return true
    })
  }

  private tell(trx: TransactionClientContract, told: Told) {
    return recordEvent(trx, {
      ...told,
      claimId: this.claimId,
      actor: 'user',
      detail: { action: this.id, channel: this.channel, position: this.position, ...told.detail },
    })
  }

  private moveLaterSteps(trx: TransactionClientContract, on: CivilDate) {
    const sql = 'select campaign_id, claim_id, step_id from actions where id = :action'
    return keepGaps(trx, { sql, bindings: { action: this.id } }, on)
  }

  private async giveTurn(trx: TransactionClientContract, told: Told): Promise<Told> {
    await this.save()
    await trx
      .from('actions')
      .where({ campaign_id: this.campaignId, claim_id: this.claimId, position: this.position + 1 })
      .where('state', 'planned')
      .update({ due_at: trx.raw(`planned_on || 'T00:00:00.000Z'`) })
    return told
  }

  private async countContact(trx: TransactionClientContract) {
    if (this.channel === 'hand_over') return
    await trx.table('contacts').insert({
      person_id: this.personId,
      action_id: this.id,
      channel: this.channel,
      occurred_at: clock.now(),
    })
  }
}

type Changeable = Pick<
  Action,
  'state' | 'reason' | 'plannedOn' | 'dueAt' | 'doneAt' | 'confirmedAt' | 'confirmedById'
>

type Told = Pick<EventInput, 'type' | 'userId' | 'detail'>
