import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clock } from '#shared/clock'
import { creditorReference } from '#shared/creditor_reference'
import { formatDecimal } from '#shared/money'
import Claim from '#claims/models/claim'
import { loadOwed } from '#claims/owed'
import { aceAt } from './commands.js'

type Matched = { lines: number; matched: number; suggested: number }
type Prepared = { remittances: { ref: string }[] }

/**
 * The accountant's day: the export of the dedicated account, with one transfer that bears its
 * file's reference and one that bears only an invoice's number, which is for a person to match;
 * then what is owed to the creditor.
 */
export async function accountantWorks(folder: string, say: (line: string) => void) {
  const at = clock.now()
  const statement = join(folder, 'releve.csv')
  await writeFile(statement, await bankExport())
  const { lines, matched, suggested } = await aceAt<Matched>(at, 'statements:import', statement)
  say(`${lines} transfers on the bank’s statement: ${matched} matched, ${suggested} proposed to a person`)

  const { remittances } = await aceAt<Prepared>(at, 'remittances:prepare', `--until=${clock.today()}`)
  say(`${remittances.length} remittance prepared for the creditor`)
}

/** As a bank's site gives it, with commas and dates as in France. */
async function bankExport(): Promise<string> {
  const [certain, doubtful] = await Claim.query()
    .where('status', 'active')
    .where('paid_cents', 0)
    .preload('debtor')
    .preload('invoices')
    .orderBy('oldest_due_on', 'desc')
    .limit(2)
  const today = clock.today().split('-').reverse().join('/')
  const row = async (claim: Claim, reference: string, label: string) => {
    const { totalCents } = await loadOwed(claim.id, clock.today())
    return [today, label, claim.debtor.displayName, reference, '', formatDecimal(totalCents)].join(';')
  }
  return [
    'Date;Libellé;Contrepartie;Référence;Débit;Crédit',
    await row(certain!, creditorReference(certain!.ref), 'VIREMENT RECU'),
    await row(doubtful!, '', `VIREMENT FACTURE ${doubtful!.invoices[0]!.number}`),
    '',
  ].join('\n')
}
