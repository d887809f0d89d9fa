import { createHash, randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { timestampSettings } from '#config/evidence'
import { transaction } from '#shared/transaction'
import { StampWaiting } from '#registered_mail/evidence/actions/stamp_waiting'
import { requestTimestamp } from '#registered_mail/evidence/timestamp_client'
import { tick } from '#scheduler/tick'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { aDepositedLetter, endAuthority, givenAuthority } from '#tests/fixtures/evidence'
import { WITHOUT_OPENSSL } from '#tests/fixtures/tools'
import type { Behaviour, TimestampAuthority } from '#tests/fakes/timestamp_authority'
import { machineNow } from '#shared/clock'

const digest = () => createHash('sha256').update(randomBytes(8)).digest()

test.group('the timestamp authority', (group) => {
  let authority: TimestampAuthority
  group.setup(async () => {
    authority = await givenAuthority()
  })
  group.each.setup(() => {
    authority.behaviour = 'honest'
  })
  group.teardown(() => endAuthority(authority))

  test('a good answer is kept whole, and OpenSSL agrees with it', async ({ assert }) => {
    const asked = digest()
    const { response, policy, authority: signer } = await requestTimestamp(asked)
    assert.equal(policy, '1.2.3.4.1')
    assert.include(signer, 'Horodateur tsa')
    const kept = join(authority.folder, 'kept.tsr')
    writeFileSync(kept, response)
    const args = ['ts', '-verify', '-digest', asked.toString('hex'), '-in', kept, '-CAfile', authority.caFile]
    assert.include(execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' }), 'Verification: OK')
  }).skip(...WITHOUT_OPENSSL)

  test('an answer that is not to be believed is refused: {behaviour}')
    .with<{ behaviour: Behaviour; says: string }[]>([
      { behaviour: 'replaying', says: 'another content was stamped' },
      { behaviour: 'other_nonce', says: 'it answers another request (nonce)' },
      { behaviour: 'other_content', says: 'another content was stamped' },
      { behaviour: 'untrusted', says: 'its certificate leads to no trusted authority' },
      { behaviour: 'altered', says: 'the signature is wrong' },
      { behaviour: 'refusing', says: 'the authority refuses, status 2' },
      { behaviour: 'garbage', says: 'unreadable' },
      { behaviour: 'failing', says: 'it answers 500' },
      { behaviour: 'down', says: 'UND_ERR_SOCKET' },
    ])
    .run(async ({ assert }, { behaviour, says }) => {
      await requestTimestamp(digest())
      authority.behaviour = behaviour
      await assert.rejects(() => requestTimestamp(digest()), new RegExp(says.replace(/[()]/g, '\\$&')))
    })
    .skip(...WITHOUT_OPENSSL)

  test('an earlier answer about the same content is refused by its nonce', async ({ assert }) => {
    const asked = digest()
    await requestTimestamp(asked)
    authority.behaviour = 'replaying'
    await assert.rejects(() => requestTimestamp(asked), /nonce/)
  }).skip(...WITHOUT_OPENSSL)

  test('another policy than the one asked for is refused', async ({ assert, cleanup }) => {
    cleanup(() => {
      timestampSettings.policy = null
    })
    timestampSettings.policy = '1.2.3.4.5'
    assert.equal((await requestTimestamp(digest())).policy, '1.2.3.4.5')
    authority.behaviour = 'replaying'
    await requestTimestamp(digest()).catch(() => {})
    timestampSettings.policy = '1.2.3.9.9'
    authority.behaviour = 'honest'
    await assert.rejects(() => requestTimestamp(digest()), /refuses|policy/)
  }).skip(...WITHOUT_OPENSSL)

  test('while it is down events wait, longer each time, and the tick has them dated once it is back', async ({
    assert,
  }) => {
    await givenAgency()
    await aDepositedLetter(await givenClaim())
    authority.behaviour = 'down'
    const asked = authority.requests
    assert.deepInclude(await new StampWaiting().handle(), { stamped: 0, waiting: 1 })
    assert.equal(authority.requests, asked + 1)
    const [row] = await db.from('evidence_stamps')
    assert.deepEqual([row.state, row.attempts, row.response], ['waiting', 1, null])
    assert.isAbove(Date.parse(row.not_before_at), Date.parse(machineNow()))
    assert.deepInclude(await new StampWaiting().handle(), { stamped: 0, waiting: 1 })
    assert.equal(authority.requests, asked + 1, 'not before its time')

    authority.behaviour = 'honest'
    await transaction((trx) => trx.from('evidence_stamps').update({ not_before_at: row.created_at }))
    const told = await tick(machineNow())
    assert.deepEqual([told.done.timestamps, told.done.anchors], [2, 1])
    assert.lengthOf(await db.from('evidence_stamps').where('state', 'waiting'), 0)
  }).skip(...WITHOUT_OPENSSL)

  test('a token, once there, is neither replaced nor taken away', async ({ assert }) => {
    await givenAgency()
    await aDepositedLetter(await givenClaim())
    await new StampWaiting().handle()
    for (const sql of [`update evidence_stamps set response = 'x'`, 'delete from evidence_stamps']) {
      await assert.rejects(() => transaction((trx) => trx.rawQuery(sql)), /a timestamp is kept as it came/)
    }
  }).skip(...WITHOUT_OPENSSL)
})
