import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { write } from '#shared/sql'
import { enqueueSelected } from '#deliveries/outbox'
import { collectionEmail } from '#campaigns/due/carry_out'
import { FIRST_LETTER } from '#campaigns/recipe_names'

/** A list of bound ids longer than this is refused by SQLite. */
const SLICE = 500

/**
 * What letters just rendered set off, in the transaction that says they are: the file's
 * first one becomes the letter that every later approach recalls (R124-4, rules 6 and 7),
 * and goes by email too when the debtor has an address.
 */
export async function lettersRendered(trx: TransactionClientContract, letterIds: readonly number[]) {
  for (let start = 0; start < letterIds.length; start += SLICE) {
    const ids = letterIds.slice(start, start + SLICE).map(Number)
    await recallFirstLetters(trx, ids)
    await copyByEmail(trx, ids)
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
              where l.id in (${ids.join(', ')}) and l.action_id is not null
            ) first
            where first.recipient is not null`,
      bindings: [],
    },
    { recipe: FIRST_LETTER }
  )

/** A letter that could not be rendered: its action failed, and nobody was contacted. */
export async function letterFailed(trx: TransactionClientContract, letterId: number) {
  await write(
    trx,
    `delete from contacts where action_id = (select action_id from letters where id = :letter)
       and person_key = (select d.person_key from letters l join claims c on c.id = l.claim_id
         join debtors d on d.id = c.debtor_id where l.id = :letter)`,
    { letter: letterId }
  )
  await write(
    trx,
    `update actions set state = 'failed', reason = 'letter_failed', done_at = null
     where state = 'done' and id = (select action_id from letters where id = :letter)`,
    { letter: letterId }
  )
}
