/**
 * One measure of the proofs bench: `proofs.child.ts <letters> <files> <rounds>` prints the events and
 * the sealed files of each second, round by round.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onEmptyDatabase } from './ground.ts'

const [letters, files, rounds] = process.argv.slice(2).map(Number) as [number, number, number]
const EVENTS_EACH = 4

async function authorityApart() {
  const path = fileURLToPath(new URL('./authority.child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import=./bin/loader.js', path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const settings = JSON.parse(line.toString()) as { url: string; caFile: string }
  return { settings, end: () => child.stdin.end() }
}

const perSecond = async (count: number, work: () => Promise<unknown>) => {
  const began = performance.now()
  await work()
  return (count * 1000) / (performance.now() - began)
}

const measured = await onEmptyDatabase(async () => {
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const { transaction } = await import('#shared/transaction')
  const { AnchorChains } = await import('#registered_mail/evidence/actions/anchor_chains')
  const { StampWaiting } = await import('#registered_mail/evidence/actions/stamp_waiting')
  const { appendEvents } = await import('#registered_mail/evidence/append_events')
  const { timestampSettings } = await import('#config/evidence')
  const { givenAgency, givenClaim } = await import('#tests/fixtures/domain')
  const { aDepositedLetter, exported } = await import('#tests/fixtures/evidence')
  await givenAgency()
  const claim = await givenClaim()
  const chains: { id: number; ref: string }[] = []
  for (let index = 0; index < letters; index++) {
    chains.push(await aDepositedLetter(claim, { ref: `${claim.ref}-L${index + 1}` }))
  }
  const events = () =>
    chains.flatMap(({ id: letterId }) =>
      Array.from({ length: EVENTS_EACH }, (_, index) => ({
        letterId,
        type: 'identity.code_sent' as const,
        actor: { kind: 'system' as const },
        data: { channel: 'SMS', address: `06 •• •• •• ${10 + index}`, contactSource: 'le créancier' },
      }))
    )
  const count = letters * EVENTS_EACH
  const appended: number[] = []
  const inserts: number[] = []
  await db.rawQuery(
    'create table bare (id integer primary key, letter_id, seq, type, at, line, hash unique, prev)'
  )
  for (let round = 0; round < rounds; round++) {
    appended.push(await perSecond(count, () => transaction((trx) => appendEvents(trx, events()))))
    const rows = await db
      .from('evidence_events')
      .orderBy('id', 'desc')
      .limit(count)
      .select('letter_id', 'seq', 'type', 'at', 'line', 'hash', 'prev')
    inserts.push(
      await perSecond(count, () =>
        transaction(async (trx) => {
          for (let at = 0; at < rows.length; at += 500)
            await trx.table('bare').multiInsert(rows.slice(at, at + 500))
        })
      )
    )
  }

  const authority = await authorityApart()
  const sealed: number[] = []
  const levels: string[] = []
  try {
    Object.assign(timestampSettings, authority.settings)
    await new AnchorChains().handle()
    await new StampWaiting().handle()
    await exported(chains[0]!.ref)
    for (let round = 0; round < rounds; round++) {
      const some = chains.slice((round * files) % letters).slice(0, files)
      sealed.push(
        await perSecond(some.length, async () => {
          for (const { ref } of some) levels.push((await exported(ref)).level)
        })
      )
    }
  } finally {
    authority.end()
  }
  return { events: appended, inserts, files: sealed, levels }
})
console.log(JSON.stringify({ ...measured, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
