import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { rowsOf, write } from '#shared/sql'
import { enqueueSelected } from '#deliveries/outbox'
import { nextContactDayAt } from '#campaigns/calendar'
import { collectionEmail } from '#debtors/collection_contact'
import { keepGaps } from '#campaigns/due/gaps'
import { FIRST_LETTER } from '#campaigns/recipe_names'

/** A list of bound ids longer than this is refused by SQLite. */
const SLICE = 500

/**
 * What letters just rendered set off, in the transaction that says they are: the file's
 * first one becomes the letter that every later approach recalls (R124-4, rules 6 and 7),
 * and goes by email too when the debtor has an address, unless it is electronic, which asks first.
 */
export async function lettersRendered(trx: TransactionClientContract, letterIds: readonly number[]) {
  for (let start = 0; start < letterIds.length; start += SLICE) {
    const ids = letterIds.slice(start, start + SLICE).map(Number)
    await recallFirstLetters(trx, ids)
    await copyByEmail(trx, ids)
    await moveLaterSteps(trx, ids)
  }
}

const recallFirstLetters = (trx: TransactionClientContract, ids: readonly number[]) =>
  write(
    trx,
    `update claims set first_letter_ref = l.ref, first_letter_on = l.dated_on
     from letters l
     where l.id in (${ids.join(', ')}) and l.claim_id = claims.id and claims.first_letter_ref is null`
  )

const copyByEmail = (trx: TransactionClientContract, ids: readonly number[]) =>
  enqueueSelected(
    trx,
    {
      sql: `select 'letter:' || first.letter_id || ':email' as key, first.recipient, first.claim_id,
              first.creditor_id, first.action_id, first.letter_id
            from (
              select l.id as letter_id, l.claim_id, l.action_id, c.creditor_id, (${collectionEmail('c')}) as recipient
              from letters l join claims c on c.id = l.claim_id and c.first_letter_ref = l.ref
              where l.id in (${ids.join(', ')}) and l.action_id is not null and l.kind not in ('ere', 'lre')
            ) first
            where first.recipient is not null`,
      bindings: [],
    },
    { recipe: FIRST_LETTER }
  )

/** Written later than its step had planned, for want of a browser say: the reminders keep their distance from it. */
async function moveLaterSteps(trx: TransactionClientContract, ids: readonly number[]) {
  const late = `from letters l join actions a on a.id = l.action_id
    where l.id in (${ids.join(', ')}) and l.dated_on > a.planned_on`
  for (const { day } of await rowsOf<{ day: CivilDate }>(trx, `select distinct l.dated_on as day ${late}`)) {
    const sql = `select a.campaign_id, a.claim_id, a.step_id ${late} and l.dated_on = :datedOn`
    await keepGaps(trx, { sql, bindings: { datedOn: day } }, day)
  }
}

/** A letter that could not be written: its action failed, and nobody was contacted. */
export async function letterFailed(trx: TransactionClientContract, letterId: number) {
  const letter = await actionOf(trx, letterId)
  if (!letter) return
  await forgetContact(trx, letter)
  await trx
    .from('actions')
    .where({ id: letter.actionId, state: 'done' })
    .update({ state: 'failed', reason: 'letter_failed', done_at: null })
}

/**
 * A letter whose file stopped before it was written. Paid, closed or prescribed, the action is
 * over; a dispute or a pause only holds it, and another letter is made when the file goes on.
 */
export async function letterCancelled(trx: TransactionClientContract, letterId: number) {
  const letter = await actionOf(trx, letterId)
  if (!letter) return
  await forgetContact(trx, letter)
  const action = trx.from('actions').where({ id: letter.actionId, state: 'done' })
  const reason = letter.failure!.replace('claim_', '')
  if (reason !== 'disputed' && reason !== 'paused') {
    await action.update({ state: 'skipped', reason, done_at: null })
    return
  }
  await trx.from('letters').where('id', letterId).update({ action_id: null })
  const dueAt = nextContactDayAt(clock.now())
  await action.update({ state: 'deferred', reason, done_at: null, due_at: dueAt })
  await trx
    .from('actions')
    .where({ campaign_id: letter.campaignId, claim_id: letter.claimId, position: letter.position + 1 })
    .where('state', 'planned')
    .update({ due_at: null })
}

type LetterOfAction = {
  actionId: number
  campaignId: number
  claimId: number
  position: number
  personId: number
  failure: string | null
}

async function actionOf(trx: TransactionClientContract, letterId: number): Promise<LetterOfAction | null> {
  const row = await trx
    .from('letters')
    .join('actions', 'actions.id', 'letters.action_id')
    .where('letters.id', letterId)
    .select('actions.id', 'actions.campaign_id', 'actions.claim_id', 'actions.position')
    .select('actions.person_id', 'letters.failure')
    .first()
  if (!row) return null
  return {
    actionId: Number(row.id),
    campaignId: Number(row.campaign_id),
    claimId: Number(row.claim_id),
    position: row.position,
    personId: Number(row.person_id),
    failure: row.failure,
  }
}

const forgetContact = (trx: TransactionClientContract, { actionId, personId }: LetterOfAction) =>
  trx.from('contacts').where({ person_id: personId, action_id: actionId }).delete()
