import { sum, type Cents } from '#shared/money'
import { amountOf, dateOf } from '#banking/statements/camt053_values'
import {
  UnreadableStatement,
  type ReadBalance,
  type ReadLine,
  type ReadPeriod,
} from '#banking/statements/statement'
import type { XmlNode } from '#banking/statements/xml_nodes'

/** What was on the account before: opening booked, else what the period before closed with. */
const OPENING = ['OPBD', 'PRCD']
const CLOSING = ['CLBD']

/** The balances of one `Stmt`; those that are expected, available or of the day so far are no balance of the books. */
export class CamtPeriod {
  #balances = new Map<string, ReadBalance[]>()
  #movedCents: Cents = 0

  /** @param inPages the message holds a part of the statement only */
  constructor(private inPages = false) {}

  read(node: XmlNode) {
    if (node.name === 'StmtPgntn') this.inPages ||= isPartOfMore(node)
    if (node.name === 'Bal') this.#balance(node)
  }

  moved(lines: readonly ReadLine[]) {
    this.#movedCents += sum(lines.map(({ amountCents }) => amountCents))
  }

  /** @throws {UnreadableStatement} when the lines do not lead from one balance to the other */
  close(account: string, at: number | null): ReadPeriod[] {
    const opening = OPENING.flatMap((code) => this.#byDay(code).slice(0, 1))[0] ?? null
    const closing = CLOSING.flatMap((code) => this.#byDay(code).slice(-1))[0] ?? null
    if (!opening && !closing) return []
    if (opening && closing && !this.inPages) {
      const gap = closing.cents - opening.cents - this.#movedCents
      if (gap !== 0) throw new UnreadableStatement('balance_differs', at, String(gap))
    }
    return [{ account, opening, closing }]
  }

  /** A balance in another currency is of another account: its entries would be refused. */
  #balance(node: XmlNode) {
    const code = node.textAt('Tp', 'CdOrPrtry', 'Cd')
    if (!code || ![...OPENING, ...CLOSING].includes(code) || node.at('Amt')?.attribute('Ccy') !== 'EUR')
      return
    const on = dateOf(node, 'Dt', null)
    if (!on) throw new UnreadableStatement('date_missing')
    const cents = amountOf(node.at('Amt'), node.textAt('CdtDbtInd'), null)
    this.#balances.set(code, [...(this.#balances.get(code) ?? []), { on, cents }])
  }

  #byDay(code: string): ReadBalance[] {
    return (this.#balances.get(code) ?? []).toSorted((one, other) => (one.on < other.on ? -1 : 1))
  }
}

/** Page 2, or page 1 of several. */
export const isPartOfMore = (pages: XmlNode) =>
  (pages.textAt('PgNb') ?? '1') !== '1' || /^(false|0)$/.test(pages.textAt('LastPgInd') ?? '')
