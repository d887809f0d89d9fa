import db from '@adonisjs/lucid/services/db'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import Agency from '#agency/models/agency'
import type User from '#users/models/user'
import { clock } from '#shared/clock'
import { homeOf, NAVIGATION } from '#middleware/navigation'

/** A count is for orientation: past this it reads "999+", and the query stays cheap whatever the table's size. */
const COUNT_UP_TO = 1000

/** What waits, by section: the condition of rows to count. */
const WAITING = {
  agenda: `select 1 from actions where state = 'to_confirm'`,
  claims: `select 1 from claims where status in ('new', 'active', 'paused', 'disputed')`,
  campaigns: `select 1 from campaigns where state = 'running'`,
  payments: `select 1 from stripe_events where worked_at is null and failure is not null
    union all select 1 from bank_lines where state in ('open', 'suggested') and amount_cents > 0`,
}

/**
 * Gives `shell` to the back-office layout: who is signed in, the navigation of
 * that role with its counts, whether the agency meets CPCE R124-2, and what the
 * pages may offer (`mayWork`: confirm, pause, answer, write to a creditor).
 */
export default class ShellMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    ctx.view.share({ shell: await this.#shellOf(ctx.auth.getUserOrFail()) })
    return next()
  }

  async #shellOf(user: User) {
    const agency = await Agency.current()
    const counts = user.role === 'creditor' ? {} : await this.#counts()
    return {
      user,
      home: homeOf(user.role),
      agencyName: agency?.name ?? '',
      items: NAVIGATION.filter((item) => item.roles.includes(user.role)).map((item) => ({
        ...item,
        count: counts[item.section],
      })),
      legal:
        user.role === 'creditor'
          ? null
          : {
              gaps: agency?.legalGaps(clock.today()) ?? ['agency_missing'],
              href: user.role === 'admin' ? '/settings' : null,
            },
      mayImport: user.role !== 'accountant',
      mayWork: user.role === 'admin' || user.role === 'collector',
    }
  }

  async #counts(): Promise<Record<string, string>> {
    const sections = Object.entries(WAITING)
    const columns = sections.map(
      ([section, rows]) => `(select count(*) from (${rows} limit ${COUNT_UP_TO}) counted) as ${section}`
    )
    const result = await db.rawQuery(`select ${columns.join(', ')}`)
    const row = (result.rows ?? result)[0] as Record<string, number | string>
    return Object.fromEntries(
      sections
        .map(([section]): [string, number] => [section, Number(row[section])])
        .filter(([, count]) => count > 0)
        .map(([section, count]) => [section, count < COUNT_UP_TO ? String(count) : `${COUNT_UP_TO - 1}+`])
    )
  }
}
