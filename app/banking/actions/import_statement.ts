import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addMinutes, clock, type Instant } from '#shared/clock'
import { keepFile, readStoredFile, recordFiles } from '#shared/files'
import { numbered, takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'
import { JudgeLines } from '#banking/actions/judge_lines'
import BankLine from '#banking/models/bank_line'
import BankStatement from '#banking/models/bank_statement'
import { lineKeys } from '#banking/statements/line_key'
import { formatOf, readStatement } from '#banking/statements/read_statement'
import {
  UnreadableStatement,
  type ReadLine,
  type ReadPeriod,
  type ReadStatement,
  type StatementFormat,
} from '#banking/statements/statement'

export type StatementFile = {
  bytes: Buffer
  filename: string
  /** Found in the bytes when it is not said. */
  format?: StatementFormat
  userId: number | null
}

/** What became of a file's lines; they sum: lines = duplicates + matched + suggested + unmatched. */
export type StatementCounts = {
  lines: number
  duplicates: number
  matched: number
  suggested: number
  unmatched: number
}

export type ImportedStatement =
  | { outcome: 'recorded'; statement: BankStatement; counts: StatementCounts }
  | { outcome: 'refused'; statement: BankStatement; problem: UnreadableStatement }

const ROWS_AT_ONCE = 500

/** A file is read in seconds: one still waiting after that was forgotten. */
const FORGOTTEN_MINUTES = 10

const MEDIA_TYPES: Record<StatementFormat, string> = {
  camt053: 'application/xml',
  cfonb120: 'text/plain',
  csv: 'text/csv',
}

/**
 * A bank's file: kept as it came, read whole or not at all, its lines recorded once whatever
 * files tell them (rule 31), then matched. What a stop leaves undone, the next tick does.
 */
export class ImportStatement {
  async handle(file: StatementFile): Promise<ImportedStatement> {
    const statement = await this.#receive(file)
    return this.#work(statement, file.bytes)
  }

  /** Reads the files that were kept and never read: the process had stopped between the two. */
  async resume(at: Instant): Promise<number> {
    const forgotten = await BankStatement.query()
      .where('state', 'received')
      .where('createdAt', '<', addMinutes(at, -FORGOTTEN_MINUTES))
      .orderBy('id')
    for (const statement of forgotten) {
      await this.#work(statement, await readStoredFile(statement.fileSha256))
    }
    return forgotten.length
  }

  async #work(statement: BankStatement, bytes: Buffer): Promise<ImportedStatement> {
    try {
      const format = statement.format ?? formatOf(bytes)
      const read = await readStatement(bytes, format)
      await transaction((trx) => this.#record(trx, statement, format, read))
    } catch (error) {
      if (!(error instanceof UnreadableStatement)) throw error
      const { code, at, text } = error
      await transaction((trx) =>
        statement
          .useTransaction(trx)
          .merge({ state: 'refused', refusal: code, refusedAt: at, refusedText: text?.slice(0, 200) ?? null })
          .save()
      )
      return { outcome: 'refused', statement, problem: error }
    }
    const judging = new JudgeLines()
    await judging.handle()
    await judging.proposeAgain()
    return { outcome: 'recorded', statement, counts: await countsOf(statement) }
  }

  async #receive({ bytes, filename, format, userId }: StatementFile): Promise<BankStatement> {
    const kept = await keepFile(bytes, format ? MEDIA_TYPES[format] : 'application/octet-stream')
    return transaction(async (trx) => {
      const year = Number(clock.today().slice(0, 4))
      await recordFiles(trx, [kept])
      return BankStatement.create(
        {
          ref: numbered('RB', year, await takeNumbers(trx, 'bank_statement', year)),
          filename: filename.slice(0, 200),
          fileSha256: kept.sha256,
          format: format ?? null,
          state: 'received',
          userId,
          createdAt: clock.now(),
        },
        { client: trx }
      )
    })
  }

  async #record(
    trx: TransactionClientContract,
    statement: BankStatement,
    format: StatementFormat,
    { lines, periods }: ReadStatement
  ) {
    const keys = lineKeys(lines)
    const rows = lines.map((line, index) => rowOf(statement.id, index + 1, keys[index]!, line))
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      await trx
        .insertQuery()
        .table('bank_lines')
        .knexQuery.insert(rows.slice(start, start + ROWS_AT_ONCE))
        .onConflict('key')
        .ignore()
    }
    await recordPeriods(trx, statement.id, periods)
    const entered = await BankLine.query({ client: trx })
      .where('statementId', statement.id)
      .count('* as total')
    const days = lines.map(({ bookedOn }) => bookedOn).toSorted()
    await statement
      .useTransaction(trx)
      .merge({
        format,
        state: 'recorded',
        lines: lines.length,
        duplicates: lines.length - Number(entered[0]!.$extras.total),
        fromOn: days[0] ?? null,
        untilOn: days.at(-1) ?? null,
      })
      .save()
  }
}

async function recordPeriods(
  trx: TransactionClientContract,
  statementId: number,
  periods: readonly ReadPeriod[]
) {
  const rows = periods.map(({ account, opening, closing }, index) => ({
    statement_id: statementId,
    position: index + 1,
    account: account.slice(0, 34),
    opening_on: opening?.on ?? null,
    opening_cents: opening?.cents ?? null,
    closing_on: closing?.on ?? null,
    closing_cents: closing?.cents ?? null,
  }))
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await trx
      .insertQuery()
      .table('bank_periods')
      .knexQuery.insert(rows.slice(start, start + ROWS_AT_ONCE))
      // Two ticks may read a forgotten file at once.
      .onConflict(['statement_id', 'position'])
      .ignore()
  }
}

const rowOf = (statementId: number, position: number, key: string, line: ReadLine) => ({
  key,
  statement_id: statementId,
  position,
  account: line.account.slice(0, 34),
  booked_on: line.bookedOn,
  value_on: line.valueOn,
  amount_cents: line.amountCents,
  charges_cents: line.chargesCents,
  label: line.label,
  counterparty: line.counterparty?.slice(0, 140) ?? null,
  counterparty_iban: line.counterpartyIban?.slice(0, 34) ?? null,
  reference: line.reference?.slice(0, 35) ?? null,
  end_to_end_id: line.endToEndId?.slice(0, 35) ?? null,
  bank_reference: line.bankReference?.slice(0, 35) ?? null,
  operation: line.operation?.slice(0, 35) ?? null,
  is_return: line.isReturn,
  is_batch: line.isBatch,
  raw: line.raw,
  state: 'open',
})

/** What the lines that this file brought have become by now. */
export async function countsOf(statement: BankStatement): Promise<StatementCounts> {
  const rows = await BankLine.query()
    .where('statementId', statement.id)
    .groupBy('state')
    .select('state')
    .count('* as total')
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.$extras.total ?? 0)
  return {
    lines: statement.lines,
    duplicates: statement.duplicates,
    matched: of('matched'),
    suggested: of('suggested'),
    unmatched: of('open') + of('ignored'),
  }
}
