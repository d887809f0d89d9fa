/**
 * One measure of the ledger bench, in a process and on a database of its own:
 * `ledger.child.ts <files> <rounds>` prints the milliseconds of each round and of each statement.
 */
import { onEmptyDatabase } from './ground.ts'

const [files, rounds] = process.argv.slice(2).map(Number) as [number, number]
const STATEMENTS = 200
const ON = '2026-11-20'

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const measured = await onEmptyDatabase(async () => {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { transaction } = await import('#shared/transaction')
  const { default: Claim } = await import('#claims/models/claim')
  const { refreshBalances } = await import('#claims/ledger')
  const { DERIVED_BALANCES, wrongBalances } = await import('#claims/queries/balances')
  const { loadStatement } = await import('#claims/statement')
  const { populate } = await import('./ledger.sample.ts')
  await populate(files)

  const scan: number[] = []
  const balances: number[] = []
  const compared: number[] = []
  const statements: number[] = []
  for (let round = 0; round < rounds; round++) {
    scan.push(
      await timed(() =>
        db.rawQuery('select claim_id, sum(amount_cents) as cents from postings group by claim_id')
      )
    )
    balances.push(await timed(() => db.rawQuery(DERIVED_BALANCES)))
    compared.push(await timed(() => wrongBalances(5)))
    for (let statement = 0; statement < STATEMENTS; statement++) {
      const id = 1 + ((statement * 7919 + round * 104_729) % files)
      const claim = await Claim.findOrFail(id)
      statements.push(await timed(() => loadStatement(claim, ON)))
    }
  }
  const wrong = await wrongBalances(5)
  if (wrong.length > 0) throw new Error(`balances differ: ${wrong.join(', ')}`)
  const refreshed = await timed(() => transaction((trx) => refreshBalances(trx, 'claims.id > ?', [0])))
  const [{ postings }] = await db.rawQuery('select count(*) as postings from postings')
  return { postings, scan, balances, compared, statements, refreshed }
})
console.log(JSON.stringify({ ...measured, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
