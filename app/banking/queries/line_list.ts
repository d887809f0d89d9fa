import type { CivilDate } from '#shared/clock'
import { likePattern } from '#shared/fold'
import { parseEuros } from '#shared/money'
import { suggestionsFor } from '#banking/queries/suggestions'
import BankLine, { LINE_STATES, type LineState } from '#banking/models/bank_line'

/** What the list can be narrowed by; dates bound the day of booking. */
export type LineFilters = {
  state?: LineState
  statement?: string
  from?: CivilDate
  to?: CivilDate
  /** Words of the line, the name or account of its sender, or an amount. */
  q?: string
}

const PAGE_SIZE = 25

/** The lines in one state, the latest first, with what is proposed or decided of each. */
export async function lineList({ state = 'open', ...filters }: LineFilters, page: number) {
  const found = await scope({ ...filters, state })
    .preload('matches', (matches) =>
      matches.orderBy('part').preload('claim', (claim) => claim.preload('debtor'))
    )
    .preload('user')
    .orderBy('bookedOn', 'desc')
    .orderBy('id', 'desc')
    .paginate(page, PAGE_SIZE)
  return {
    found,
    tab: state,
    counts: await countsByState(filters),
    suggestions: await suggestionsFor(found.all()),
  }
}

/** How many lines each state holds under the other filters. */
async function countsByState(filters: Omit<LineFilters, 'state'>) {
  const rows = await scope(filters).groupBy('state').select('state').count('* as total')
  return Object.fromEntries(
    LINE_STATES.map((state) => [state, Number(rows.find((row) => row.state === state)?.$extras.total ?? 0)])
  ) as Record<LineState, number>
}

function scope({ state, statement, from, to, q }: LineFilters) {
  const query = BankLine.query()
  if (state) query.where('state', state)
  if (statement) query.whereHas('statement', (file) => void file.where('ref', statement))
  if (from) query.where('bookedOn', '>=', from)
  if (to) query.where('bookedOn', '<=', to)
  if (q?.trim()) search(query, q.trim())
  return query
}

function search(query: ReturnType<typeof BankLine.query>, q: string) {
  const pattern = likePattern(q)
  const cents = parseEuros(q)
  query.where((any) => {
    for (const column of ['label', 'counterparty', 'counterparty_iban', 'reference', 'end_to_end_id']) {
      any.orWhereRaw(`fold(${column}) like ? escape '\\'`, [pattern])
    }
    if (cents) any.orWhereIn('amountCents', [cents, -cents])
  })
}
