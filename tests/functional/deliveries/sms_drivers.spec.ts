import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { brevoDriver } from '#deliveries/drivers/brevo'
import type { Outcome } from '#deliveries/drivers/driver'
import { ovhDriver } from '#deliveries/drivers/ovh'
import type { SmsDriver } from '#deliveries/drivers/sms'
import { smsMessage } from '#deliveries/message'
import { FakeBrevo } from '#tests/fakes/brevo'
import { FakeOvh } from '#tests/fakes/ovh'
import type { Misbehaviour } from '#tests/fakes/provider_server'

const NUMBER = '+33612345678'
const TEXT = 'Votre code : 482913'
const PATIENCE_MS = 1000

/** An address where nobody listens: that of a provider that has stopped. */
const gone = await new FakeOvh().start()
const NOBODY = gone.origin
await gone.stop()

const submit = (driver: SmsDriver, sms = TEXT, mayLeave = () => true): Promise<Outcome> =>
  driver.open().send(
    {
      key: 'ere.code:1',
      channel: 'sms',
      recipient: NUMBER,
      sender: '',
      bytes: smsMessage({ sms }, NUMBER).bytes,
    },
    mayLeave
  )

/**
 * What each way of failing must come to, with a provider that knows no key of ours:
 * only what certainly was not taken may be tried again.
 */
const FAILURES: { how: Misbehaviour; kind: Outcome['kind']; taken: number }[] = [
  { how: 'slow', kind: 'unanswered', taken: 1 },
  { how: 'drop_request', kind: 'unanswered', taken: 0 },
  { how: 'drop_reply', kind: 'unanswered', taken: 1 },
  { how: 'fail_before', kind: 'unanswered', taken: 0 },
  { how: 'fail_after', kind: 'unanswered', taken: 1 },
  { how: 'page_before', kind: 'unanswered', taken: 0 },
  { how: 'page_after', kind: 'unanswered', taken: 1 },
  { how: 'busy', kind: 'unanswered', taken: 0 },
  { how: 'limit', kind: 'temporary', taken: 0 },
  { how: 'redirect', kind: 'unreachable', taken: 0 },
]

test.group('SMS through OVH', (group) => {
  let fake: FakeOvh
  let driver: SmsDriver

  group.each.setup(async () => {
    fake = await new FakeOvh().start()
    driver = ovhDriver(fake.settings, PATIENCE_MS)
    return () => fake.stop()
  })

  test('an SMS leaves as no advertisement, from a short number that can be answered', async ({ assert }) => {
    assert.deepEqual(await submit(driver, 'Élève, reçu : 482913'), { kind: 'sent', providerRef: '90001' })
    assert.deepEqual(
      fake.jobs.map(({ receiver, message }) => [receiver, message]),
      [[NUMBER, 'Élève, reçu : 482913']]
    )
    assert.deepInclude(fake.jobs[0]!.fields, {
      charset: 'UTF-8',
      noStopClause: true,
      priority: 'high',
      senderForResponse: true,
    })
    assert.notProperty(fake.jobs[0]!.fields, 'sender')
  })

  test('with a sender, it is shown', async ({ assert }) => {
    driver = ovhDriver({ ...fake.settings, sender: 'AMIABLE' }, PATIENCE_MS)
    assert.equal((await submit(driver)).kind, 'sent')
    assert.deepInclude(fake.jobs[0]!.fields, { sender: 'AMIABLE', senderForResponse: false })
  })

  test('a machine whose clock is wrong signs with the provider’s, asked once', async ({ assert }) => {
    fake.aheadSeconds = 7200
    assert.equal((await submit(driver)).kind, 'sent')
    assert.equal((await submit(driver)).kind, 'sent')
    assert.lengthOf(
      fake.requests.filter(({ path }) => path === '/1.0/auth/time'),
      1
    )
  })

  test('a clock that moved since is refused, nothing left, and asked again by the next', async ({
    assert,
  }) => {
    assert.equal((await submit(driver)).kind, 'sent')
    fake.aheadSeconds = 7200
    const late = await submit(driver)
    assert.deepEqual(late.kind, 'unreachable')
    assert.match((late as { reason: string }).reason, /QUERY_TIME_OUT/)
    assert.equal((await submit(driver)).kind, 'sent')
    assert.lengthOf(fake.jobs, 2)
  })

  test('without the time nothing is asked for: {$self}')
    .with(['slow', 'drop_reply', 'fail_before', 'page_before', 'busy', 'redirect'] as const)
    .run(async ({ assert }, how) => {
      fake.misbehave = ({ path }) => (path === '/1.0/auth/time' ? how : 'answer')
      assert.equal((await submit(driver)).kind, 'unreachable')
      assert.deepEqual(
        fake.requests.filter(({ method }) => method === 'POST'),
        []
      )
    })

  test('{how}: {kind}')
    .with(FAILURES)
    .run(async ({ assert }, { how, kind, taken }) => {
      fake.misbehave = ({ method }) => (method === 'POST' ? how : 'answer')
      assert.equal((await submit(driver)).kind, kind)
      assert.lengthOf(fake.jobs, taken)
    })

  test('{name}: nothing leaves, and no message is blamed')
    .with([
      { name: 'a wrong secret', spoil: { appSecret: 'as-wrong' }, says: /INVALID_SIGNATURE/ },
      { name: 'a wrong key', spoil: { appKey: 'ak-wrong' }, says: /INVALID_KEY/ },
      { name: 'a consumer key that is over', spoil: { consumerKey: 'ck-wrong' }, says: /NOT_CREDENTIAL/ },
      { name: 'an account of somebody else', spoil: { service: 'sms-zz9-1' }, says: /does not exist/ },
      { name: 'a sender that is not validated', spoil: { sender: 'INCONNU' }, says: /Sender INCONNU/ },
      {
        name: 'an address where nobody listens',
        spoil: { apiBase: NOBODY },
        says: /ECONNREFUSED/,
      },
    ])
    .run(async ({ assert }, { spoil, says }) => {
      const outcome = await submit(ovhDriver({ ...fake.settings, ...spoil }, PATIENCE_MS))
      assert.equal(outcome.kind, 'unreachable')
      assert.match((outcome as { reason: string }).reason, says)
      assert.lengthOf(fake.jobs, 0)
    })

  test('without credits or without the right, every SMS waits', async ({ assert }) => {
    fake.credits = 0
    assert.equal((await submit(driver)).kind, 'unreachable')
    fake.credits = 1
    fake.granted = false
    assert.equal((await submit(driver)).kind, 'unreachable')
    fake.granted = true
    assert.equal((await submit(driver)).kind, 'sent')
  })

  test('a number that it takes for nobody’s is told apart from a text that it will not carry', async ({
    assert,
  }) => {
    fake.invalid = [NUMBER]
    assert.equal((await submit(driver)).kind, 'no_mailbox')
    fake.invalid = []
    const refused = await submit(driver, 'Votre page : https://amiable.example')
    assert.equal(refused.kind, 'permanent')
    assert.match((refused as { reason: string }).reason, /contact information with shortcode/)
  })

  test('no reason repeats a text, which may be a code or a link', async ({ assert }) => {
    fake.quotes = true
    const outcome = await submit(driver, 'L’élève :\n482913 https://x.example/p/a1b2-c3d4')
    assert.match((outcome as { reason: string }).reason, /^400 .*cannot be sent/)
    assert.notMatch((outcome as { reason: string }).reason, /482913|a1b2/)
  })

  test('asked to wait, it is left alone', async ({ assert }) => {
    fake.retryAfter = '60'
    fake.misbehave = ({ method }) => (method === 'POST' ? 'limit' : 'answer')
    assert.equal((await submit(driver)).kind, 'temporary')
    const asked = fake.requests.length
    assert.equal((await submit(driver)).kind, 'unreachable')
    assert.lengthOf(fake.requests, asked)
  })

  test('a lease that ran out withholds it, after the time was asked', async ({ assert }) => {
    assert.deepEqual(await submit(driver, TEXT, () => false), { kind: 'withheld' })
    assert.deepEqual(
      fake.requests.map(({ path }) => path),
      ['/1.0/auth/time']
    )
  })

  test('the account is tried without an SMS', async ({ assert }) => {
    assert.deepEqual(await driver.test(), { ok: true, account: 'sms-ab1234-1' })
    const wrong = await ovhDriver({ ...fake.settings, consumerKey: 'ck-wrong' }, PATIENCE_MS).test()
    assert.isFalse(wrong.ok)
    const other = await ovhDriver({ ...fake.settings, service: 'sms-zz9-1' }, PATIENCE_MS).test()
    assert.isFalse(other.ok)
    assert.lengthOf(fake.jobs, 0)
  })

  test('the machine’s own instant does not sign: only its clock does', async ({ assert }) => {
    await clock.at('2031-01-01T00:00:00.000Z', async () => {
      assert.equal((await submit(driver)).kind, 'sent')
    })
  })
})

test.group('SMS through Brevo', (group) => {
  let fake: FakeBrevo
  let driver: SmsDriver

  group.each.setup(async () => {
    fake = await new FakeBrevo().start()
    driver = brevoDriver(fake.settings, PATIENCE_MS)
    return () => fake.stop()
  })

  test('an SMS leaves as transactional, findable by our key', async ({ assert }) => {
    assert.deepEqual(await submit(driver), { kind: 'sent', providerRef: '1511882900176220' })
    assert.deepEqual(fake.sms, [
      {
        messageId: 1_511_882_900_176_220,
        sender: 'Amiable',
        recipient: '33612345678',
        content: TEXT,
        type: 'transactional',
        tag: 'ere.code:1',
        unicodeEnabled: false,
      },
    ])
  })

  test('what GSM 03.38 cannot write goes as Unicode', async ({ assert }) => {
    await submit(driver, 'L’élève : 482913')
    assert.deepInclude(fake.sms[0], { content: 'L’élève : 482913', unicodeEnabled: true })
  })

  test('{how}: {kind}')
    .with(FAILURES)
    .run(async ({ assert }, { how, kind, taken }) => {
      fake.misbehave = () => how
      assert.equal((await submit(driver)).kind, kind)
      assert.lengthOf(fake.sms, taken)
    })

  test('{name}: nothing leaves, and no message is blamed')
    .with([
      { name: 'a wrong key', spoil: { apiKey: 'xkeysib-wrong' }, says: /^401 .*Key not found/ },
      { name: 'a wrong sender', spoil: { sender: 'Mon agence' }, says: /^400 .*sender/ },
      { name: 'a wrong address', spoil: { apiBase: NOBODY }, says: /ECONNREFUSED/ },
    ])
    .run(async ({ assert }, { spoil, says }) => {
      const outcome = await submit(brevoDriver({ ...fake.settings, ...spoil }, PATIENCE_MS))
      assert.equal(outcome.kind, 'unreachable')
      assert.match((outcome as { reason: string }).reason, says)
      assert.notInclude((outcome as { reason: string }).reason, 'xkeysib-wrong')
    })

  test('without credits, every SMS waits', async ({ assert }) => {
    fake.credits = 0
    const outcome = await submit(driver)
    assert.equal(outcome.kind, 'unreachable')
    assert.match((outcome as { reason: string }).reason, /^402 .*credits/)
  })

  test('a number that it takes for nobody’s is told apart from a text that it will not carry', async ({
    assert,
  }) => {
    fake.invalid = ['33612345678']
    assert.equal((await submit(driver)).kind, 'no_mailbox')
    fake.invalid = []
    fake.filters = true
    assert.equal((await submit(driver)).kind, 'permanent')
  })

  test('no reason repeats a text, which may be a code', async ({ assert }) => {
    fake.filters = true
    const outcome = await submit(driver, 'Votre code :\n482913')
    assert.match((outcome as { reason: string }).reason, /^400 .*not allowed/)
    assert.notInclude((outcome as { reason: string }).reason, '482913')
  })

  test('the account is tried without an SMS', async ({ assert }) => {
    assert.isTrue((await driver.test()).ok)
    assert.isFalse((await brevoDriver({ ...fake.settings, apiKey: 'wrong' }, PATIENCE_MS).test()).ok)
    assert.lengthOf(fake.sms, 0)
  })
})
