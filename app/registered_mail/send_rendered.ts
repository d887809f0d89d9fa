import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { rowsOf, write } from '#shared/sql'
import Agency from '#agency/models/agency'
import { enqueueSelected } from '#deliveries/outbox'
import { isElectronicSql } from '#registered_mail/electronic/addressees'
import { MAILING } from '#registered_mail/recipe_names'
import { isProvider, routeOf } from '#registered_mail/routing'

/** A list of ids longer than this makes a statement that nobody should read. */
const SLICE = 500

/**
 * Letters just rendered whose route is not by hand get their mailing and their row in the outbox,
 * in the transaction that says they are rendered: neither is ever without the other.
 */
export async function sendRendered(trx: TransactionClientContract, letterIds: readonly number[]) {
  const agency = await Agency.query({ client: trx }).orderBy('id').first()
  for (let start = 0; start < letterIds.length; start += SLICE) {
    const ids = letterIds.slice(start, start + SLICE).map(Number)
    for (const route of await decideRoutes(trx, ids, agency)) await queue(trx, ids, route)
  }
}

/**
 * The step's own route, else that of the letter's kind; written on the letter, for good. An electronic letter has had
 * its own since it was queued.
 */
async function decideRoutes(
  trx: TransactionClientContract,
  ids: readonly number[],
  agency: Agency | null
): Promise<string[]> {
  await write(
    trx,
    `update letters set route = coalesce(
       (select s.route from actions a join scenario_steps s on s.id = a.step_id where a.id = letters.action_id),
       case kind when 'lrar' then :lrar else :simple end)
     where id in (${ids.join(', ')}) and not ${isElectronicSql('kind')}`,
    { lrar: routeOf('lrar', agency), simple: routeOf('simple', agency) }
  )
  const routes = await rowsOf<{ route: string }>(
    trx,
    `select distinct route from letters where id in (${ids.join(', ')})`
  )
  return routes.map(({ route }) => route).filter(isProvider)
}

async function queue(trx: TransactionClientContract, ids: readonly number[], route: string) {
  const chosen = `from letters l join claims c on c.id = l.claim_id where l.id in (${ids.join(', ')}) and l.route = `
  await write(
    trx,
    `insert into mailings (letter_id, address_id, kind, provider, state, created_at, updated_at)
     select l.id, (${CURRENT_ADDRESS}), l.kind, l.route, 'queued', :at, :at ${chosen}:route
     on conflict (letter_id) do nothing`,
    { at: clock.now(), route }
  )
  await enqueueSelected(
    trx,
    {
      sql: `select 'letter:' || l.id || ':print' as key,
              coalesce((select a.email from letter_addressees a where a.letter_id = l.id),
                (select x.postcode || ' ' || x.city from addresses x where x.id = m.address_id)) as recipient,
              l.claim_id, c.creditor_id, cast(null as bigint) as action_id, l.id as letter_id
            from letters l join claims c on c.id = l.claim_id join mailings m on m.letter_id = l.id
            where l.id in (${ids.join(', ')}) and l.route = ?`,
      bindings: [route],
    },
    { recipe: MAILING, channel: 'print', route }
  )
}

/** The one the letter bears. */
const CURRENT_ADDRESS = `select x.id from addresses x
  where x.debtor_id = c.debtor_id and x.replaced_at is null order by x.id desc limit 1`
