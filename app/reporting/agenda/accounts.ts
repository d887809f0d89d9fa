import { rowsOf } from '#shared/sql'
import { client, total } from '#reporting/agenda/read'
import type { AgendaSource } from '#reporting/agenda/item'

const SUSPENDED = `connected_accounts a
  join creditors c on c.id = a.creditor_id and c.stripe_account = a.stripe_account
  where a.ended_at is null and not a.may_receive`

/** Creditors paid on an account of their own that may no longer receive (decision 0030). */
export const accounts: AgendaSource = {
  name: 'accounts',
  count: () => total(SUSPENDED),
  items: async (offset, limit) => {
    const rows = await rowsOf<{ ref: string; name: string }>(
      client(),
      `select c.ref, c.name from ${SUSPENDED} order by a.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map(({ ref, name }) => ({
      actionId: null,
      icon: 'landmark',
      tone: 'wait',
      title: { key: 'agenda.titles.account_suspended', values: { creditor: name } },
      who: '',
      ref: null,
      href: `/creditors/${ref}`,
      why: { key: 'agenda.why.account_suspended' },
      amountCents: null,
      note: null,
      act: { confirm: false, label: 'agenda.acts.open', href: `/creditors/${ref}` },
    }))
  },
}
