import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { timestampSettings } from '#config/evidence'
import { clock, machineNow } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import { RenderLetters } from '#letters/actions/render_letters'
import { closePrinter } from '#letters/rendering/printer'
import { AnchorChains } from '#registered_mail/evidence/actions/anchor_chains'
import { appendEvents, type AnyEvent } from '#registered_mail/evidence/append_events'
import { inclusionIn } from '#registered_mail/evidence/anchors'
import { headOf, linesOf } from '#registered_mail/evidence/chains'
import { EVENT_TYPES, type EvidenceLine } from '#registered_mail/evidence/event_types'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aDepositedLetter } from '#tests/fixtures/evidence'
import { aQueuedLetter } from '#tests/fixtures/letters'

const SYSTEM = { kind: 'system' } as const
const fetched = (letterId: number, page = 'accueil'): AnyEvent => ({
  letterId,
  type: 'page.fetched',
  actor: SYSTEM,
  data: { page },
})
const append = (events: AnyEvent[]) => transaction((trx) => appendEvents(trx, events))

async function aChain() {
  await givenAgency()
  return aDepositedLetter(await givenClaim())
}

test.group('the chain of a letter', (group) => {
  group.teardown(() => closePrinter())
  group.each.teardown(() => {
    timestampSettings.url = null
  })

  test('each line is canonical, names the one before by its SHA-256, and is kept byte for byte', async ({
    assert,
  }) => {
    const letter = await aChain()
    await append([fetched(letter.id, 'é "guillemets" \\ 😀'), fetched(letter.id, 'lettre')])
    const rows = await db.from('evidence_events').where('letter_id', letter.id).orderBy('seq')
    assert.deepEqual(
      rows.map(({ seq, type }) => [seq, type]),
      [
        [1, 'letter.deposited'],
        [2, 'page.fetched'],
        [3, 'page.fetched'],
      ]
    )
    let prev = '0'.repeat(64)
    for (const { line, hash, seq } of rows) {
      const event = JSON.parse(line) as EvidenceLine
      assert.deepEqual([event.prev, event.seq, hash], [prev, seq, sha256(line)])
      assert.deepEqual(event.letter, { id: letter.id, ref: letter.ref, sha256: letter.fileSha256! })
      prev = hash
    }
    assert.deepEqual(await headOf(db.connection(), letter.id), { seq: 3, hash: prev })
  })

  test('a printed registered letter begins its chain; posting it goes on, and so does a corrected number', async ({
    assert,
  }) => {
    await givenAgency()
    const letter = await aQueuedLetter(await givenClaim(), { kind: 'lrar', template: 'registered_letter' })
    const simple = await aQueuedLetter(await givenClaim())
    await new RenderLetters().handle()
    const by = await givenUser()
    await letter.refresh()
    assert.equal(letter.state, 'rendered')
    await letter.dispatch({ registeredNumber: '2C12345678901', by })
    await letter.dispatch({ registeredNumber: '2C12345678901', by })
    await letter.dispatch({ registeredNumber: '2C12345678902', by })
    const lines = (await linesOf(db.connection(), letter.id)).map((line) => JSON.parse(line) as EvidenceLine)
    const [deposited, ...posted] = lines
    assert.equal((deposited as EvidenceLine<'letter.deposited'>).data.renderedSha256, letter.fileSha256!)
    assert.equal((deposited as EvidenceLine<'letter.deposited'>).data.recipient.name, 'ATELIER BRUME')
    assert.deepEqual(
      posted.map(({ data, actor }) => [(data as { registeredNumber: string }).registeredNumber, actor.id]),
      [
        ['2C12345678901', String(by.id)],
        ['2C12345678902', String(by.id)],
      ]
    )
    assert.isNull(await headOf(db.connection(), simple.id))
  })

  test('rule 53: an event that lacks what it must say is refused, and leaves no trace', async ({
    assert,
  }) => {
    const letter = await aChain()
    const data = {
      method: 'drawn',
      name: 'H. Brume',
      statement: 'Lu',
      statementSha256: 'a',
      documentSha256: 'b',
    } as const
    const signed: AnyEvent = { letterId: letter.id, type: 'letter.signed', actor: SYSTEM, data }
    await assert.rejects(() => append([fetched(letter.id), signed]), 'letter.signed lacks imageSha256')
    assert.lengthOf(await linesOf(db.connection(), letter.id), 1)
    await append([{ ...signed, data: { ...data, imageSha256: 'c' } }])
    assert.lengthOf(await linesOf(db.connection(), letter.id), 2)
  })

  test('a letter without a chain takes no event', async ({ assert }) => {
    const letter = await aQueuedLetter(await givenClaim())
    await assert.rejects(() => append([fetched(letter.id)]), /has no chain/)
  })

  test('nothing is changed, taken out, or put anywhere but at the end: {what}')
    .with([
      { what: 'update', sql: `update evidence_events set line = '{}'`, says: 'append-only' },
      { what: 'delete', sql: 'delete from evidence_events', says: 'append-only' },
      {
        what: 'chain',
        sql: `update evidence_chains set content_sha256 = rendered_sha256`,
        says: 'append-only',
      },
      {
        what: 'gap',
        sql: `insert into evidence_events (letter_id, seq, type, at, line, hash, prev)
              select letter_id, 9, type, at, line, '${'e'.repeat(64)}', hash from evidence_events`,
        says: 'must follow the last one',
      },
      {
        what: 'wrong link',
        sql: `insert into evidence_events (letter_id, seq, type, at, line, hash, prev)
              select letter_id, 2, type, at, line, '${'e'.repeat(64)}', '${'d'.repeat(64)}' from evidence_events`,
        says: 'must follow the last one',
      },
    ])
    .run(async ({ assert }, { sql, says }) => {
      await aChain()
      await assert.rejects(() => transaction((trx) => trx.rawQuery(sql)), new RegExp(says))
    })

  test('what must be dated says so and waits, when there is an authority; nothing does when there is none', async ({
    assert,
  }) => {
    const letter = await aChain()
    assert.lengthOf(await db.from('evidence_stamps'), 0)
    timestampSettings.url = 'http://127.0.0.1:9/tsr'
    await append([
      fetched(letter.id),
      { letterId: letter.id, type: 'letter.cancelled', actor: SYSTEM, data: { reason: 'essai' } },
    ])
    const lines = (await linesOf(db.connection(), letter.id)).map((line) => JSON.parse(line) as EvidenceLine)
    assert.deepEqual(
      lines.map(({ tsa }) => tsa),
      [undefined, undefined, true]
    )
    const [stamp, ...others] = await db.from('evidence_stamps')
    assert.deepEqual(
      [stamp.state, stamp.digest, others.length],
      ['waiting', sha256((await linesOf(db.connection(), letter.id))[2]!), 0]
    )
  })

  test('an event is dated by the machine, and says so when the clock is being played', async ({ assert }) => {
    const letter = await aChain()
    await clock.at('2027-03-01T09:00:00.000Z', () => append([fetched(letter.id)]))
    const [deposited, played] = (await linesOf(db.connection(), letter.id)).map(
      (line) => JSON.parse(line) as EvidenceLine
    )
    assert.deepEqual([played!.clock, played!.at], ['simulated', '2027-03-01T09:00:00.000Z'])
    assert.isUndefined(deposited!.clock)
    assert.isTrue(Math.abs(Date.parse(deposited!.at) - Date.parse(machineNow())) < 600_000)
    await append([fetched(letter.id)])
    const last = JSON.parse((await linesOf(db.connection(), letter.id)).at(-1)!) as EvidenceLine
    assert.equal(last.at, played!.at, 'a chain never goes back')
  })

  test('an anchor covers the head of every chain, and the anchor before', async ({ assert }) => {
    const letter = await aChain()
    const other = await aDepositedLetter(await givenClaim())
    const first = (await new AnchorChains().handle())!
    assert.deepEqual(await new AnchorChains().handle(), first)
    assert.isNull(await new AnchorChains().daily())
    await append([fetched(letter.id)])
    const second = (await new AnchorChains().handle())!
    assert.equal(second.previous, first.root)
    const inclusion = (await inclusionIn(db.connection(), second, letter.id))!
    assert.deepEqual([inclusion.seq, inclusion.size], [2, 3])
    assert.equal((await inclusionIn(db.connection(), second, other.id))!.seq, 1)
    assert.equal((await inclusionIn(db.connection(), first, letter.id))!.seq, 1)
  })

  test('the list of types is the one of the table', async ({ assert }) => {
    const letter = await aChain()
    for (const type of Object.keys(EVENT_TYPES)) {
      const seq = (await headOf(db.connection(), letter.id))!
      const row = {
        letter_id: letter.id,
        seq: seq.seq + 1,
        type,
        at: machineNow(),
        line: '{}',
        prev: seq.hash,
      }
      await transaction((trx) => trx.table('evidence_events').insert({ ...row, hash: sha256(type) }))
    }
    assert.equal((await headOf(db.connection(), letter.id))!.seq, Object.keys(EVENT_TYPES).length + 1)
  })
})
