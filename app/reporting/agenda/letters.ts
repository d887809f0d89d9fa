import { clock } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { rowsOf, sqlList } from '#shared/sql'
import { ELECTRONIC_KINDS, type LetterKind } from '#letters/letter_content'
import { CLAIM_COLUMNS, CLAIM_JOINS, ofClaim, type ClaimRow } from '#reporting/agenda/files'
import type { AgendaSource } from '#reporting/agenda/item'
import { client, total } from '#reporting/agenda/read'

/** Written, not posted, and of a file that goes on (U3). */
const TO_PRINT = `letters x ${CLAIM_JOINS}
  where x.state = 'rendered' and x.kind not in (${sqlList(ELECTRONIC_KINDS)}) and c.status in ('new', 'active') and c.limitation_on >= :today`

type Row = ClaimRow & {
  letter: string
  kind: LetterKind
  dated_on: string
  pages: number
  total_cents: number
}

/** D10, D11: letters that wait for paper. */
export const toPrint: AgendaSource = {
  name: 'to_print',
  count: () => total(TO_PRINT, { today: clock.today() }),
  items: async (offset, limit) => {
    const rows = await rowsOf<Row>(
      client(),
      `select x.ref as letter, x.kind, x.dated_on, x.pages, x.total_cents, ${CLAIM_COLUMNS} from ${TO_PRINT}
       order by x.dated_on, x.id limit :limit offset :offset`,
      { today: clock.today(), limit, offset }
    )
    return rows.map((row) => ({
      ...ofClaim(row),
      letterRef: row.letter,
      icon: row.kind === 'lrar' ? 'mail-check' : 'file-text',
      tone: 'none',
      title: { key: `letters.kind.${row.kind}` },
      why: { key: 'agenda.why.to_print', values: { on: frenchDate(row.dated_on), pages: row.pages } },
      amountCents: row.total_cents === null ? null : Number(row.total_cents),
      note: { key: 'agenda.note.plain', values: { text: row.creditor } },
      act: { confirm: false, label: 'agenda.acts.look', href: `/letters/${row.letter}` },
    }))
  },
}
