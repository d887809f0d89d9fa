import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Agency from '#agency/models/agency'
import { entriesOf } from '#banking/accounting/entries'
import { FEC_COLUMNS, fecLine, fecName, fecRows } from '#banking/accounting/fec'
import { numberEntries } from '#banking/accounting/number_entries'

export type AccountingExported =
  | { outcome: 'exported'; file: string; lines: number; debitCents: number; creditCents: number }
  | { outcome: 'siren_missing' }

const [DEBIT, CREDIT] = [FEC_COLUMNS.indexOf('Debit'), FEC_COLUMNS.indexOf('Credit')]

/**
 * The file of a year's accounting entries (FEC, LPF art. A47 A-1) in a folder: complete before it gets
 * its name. The same entries have the same numbers each time (rule 60).
 */
export class ExportAccounting {
  async handle({ year, folder }: { year: number; folder: string }): Promise<AccountingExported> {
    const { siren } = await Agency.currentOrFail()
    if (!siren) return { outcome: 'siren_missing' }
    await numberEntries(year)
    const file = join(folder, fecName(siren, year))
    await mkdir(folder, { recursive: true })
    const totals = await this.#write(`${file}.part`, year)
    await rename(`${file}.part`, file)
    return { outcome: 'exported', file, ...totals }
  }

  async #write(path: string, year: number) {
    const totals = { lines: 0, debitCents: 0, creditCents: 0 }
    const out = await open(path, 'w')
    try {
      await out.write(fecLine(FEC_COLUMNS))
      for await (const entries of entriesOf(year)) {
        const rows = entries.flatMap(fecRows)
        for (const row of rows) {
          totals.lines += 1
          totals.debitCents += inCents(row[DEBIT]!)
          totals.creditCents += inCents(row[CREDIT]!)
        }
        await out.write(rows.map(fecLine).join(''))
      }
      await out.sync()
    } catch (error) {
      await rm(path, { force: true })
      throw error
    } finally {
      await out.close()
    }
    return totals
  }
}

const inCents = (written: string) => Number(written.replace(',', ''))
