import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { sum } from '#shared/money'
import type BankLine from '#banking/models/bank_line'
import Remittance from '#banking/remittances/models/remittance'

/** Enough for an order of the bank's: one debit may be all of its transfers. */
const MOST = 500

const NEXT_ATTEMPT = `(select coalesce(max(f.attempt), 0) + 1 from transfer_refusals f where f.remittance_id = remittances.id)`

/** Remittances ordered or marked as paid whose debit nobody has seen yet: those that a line names first. */
export async function leaving(line: BankLine, trx?: TransactionClientContract): Promise<Remittance[]> {
  if (line.amountCents >= 0) return []
  const waiting = await Remittance.query({ client: trx })
    .whereIn('state', ['exported', 'paid'])
    .where('direct', false)
    .where('netCents', '<=', -line.amountCents)
    .whereRaw(
      `not exists (select 1 from remittance_movements v where v.remittance_id = remittances.id
        and v.kind = 'paid' and v.attempt = ${NEXT_ATTEMPT})`
    )
    .preload('creditor')
    .preload('order')
    .orderBy('id', 'desc')
    .limit(MOST)
  return namedFirst(line, waiting)
}

/** Remittances of that amount that had left, and whose return nobody has seen yet. */
export async function comingBack(line: BankLine, trx?: TransactionClientContract): Promise<Remittance[]> {
  if (line.amountCents <= 0) return []
  const gone = await Remittance.query({ client: trx })
    .where('direct', false)
    .where('netCents', line.amountCents)
    .where((any) =>
      any.where('state', 'paid').orWhereRaw(
        `(state in ('prepared', 'exported') and exists (select 1 from transfer_refusals f
          where f.remittance_id = remittances.id and f.was_paid and f.attempt = ${NEXT_ATTEMPT} - 1
            and not exists (select 1 from remittance_movements v where v.remittance_id = f.remittance_id
              and v.kind = 'returned' and v.attempt = f.attempt)))`
      )
    )
    .preload('creditor')
    .preload('order')
    .orderBy('id', 'desc')
    .limit(MOST)
  return namedFirst(line, gone)
}

/** What a person may confirm with one click: one remittance of that amount, or all of an order that make it. */
export function proposalsOf(line: BankLine, known: readonly Remittance[]): Remittance[][] {
  const amount = Math.abs(line.amountCents)
  const alone = known.filter(({ netCents }) => netCents === amount).map((one) => [one])
  const orders = [...Map.groupBy(known, ({ orderId }) => orderId)]
    .filter(
      ([orderId, all]) => orderId && all.length > 1 && sum(all.map(({ netCents }) => netCents)) === amount
    )
    .map(([, all]) => all)
  return [...orders, ...alone].slice(0, 5)
}

const letters = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '')

export const names = (line: BankLine, remittance: Remittance) =>
  letters(`${line.endToEndId ?? ''} ${line.reference ?? ''} ${line.label}`).includes(letters(remittance.ref))

const namedFirst = (line: BankLine, remittances: readonly Remittance[]) =>
  remittances.toSorted((one, other) => Number(names(line, other)) - Number(names(line, one)))
