import { writeFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import { dialect } from '#shared/transaction'
import type { CheckResult } from '#health/finding'
import { FakeBrevo } from '#tests/fakes/brevo'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'

test.group('doctor', (group) => {
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  async function examine(variables: Record<string, string> = {}) {
    const { code, stdout, stderr } = await runCommand(['doctor', '--json'], {
      ...home.variables,
      ...variables,
    })
    const { checks } = JSON.parse(stdout) as { checks: CheckResult[] }
    return { code, stderr, found: Object.fromEntries(checks.map((check) => [check.name, check])) }
  }

  test('a new installation works, and says what it still lacks', async ({ assert }) => {
    const { code, found } = await examine()
    assert.equal(code, 0)
    for (const name of ['node', 'storage', 'migrations', 'integrity', 'fonts']) {
      assert.equal(found[name]?.status, 'ok', found[name]?.message)
    }
    // The PostgreSQL of the tests waits for no disk, and that is told.
    const durable = dialect() === 'sqlite' ? 'synchronous FULL after a write' : 'fsync=off'
    assert.include(found.durability!.message, durable)
    for (const name of ['agency', 'smtp', 'stripe', 'app_url']) assert.equal(found[name]?.status, 'warn')
    assert.include(found.sms!.message, 'no code by SMS is offered')
  })

  test('what cannot work is a failure and an exit code', async ({ assert }) => {
    const { code, stderr, found } = await examine({
      SMTP_URL: 'smtp://127.0.0.1:9',
      STRIPE_SECRET_KEY: 'sk_live_nothing',
      APP_URL: 'http://amiable.example',
      // Settings that are read as the application starts.
      MERCI_FACTEUR_SERVICE_ID: 'service',
      MERCI_FACTEUR_SECRET_KEY: 'secret',
    })
    assert.equal(code, 1)
    for (const name of ['smtp', 'stripe', 'app_url']) assert.equal(found[name]?.status, 'fail')
    assert.match(stderr, /To put right: app_url, smtp, stripe/)
    assert.notInclude(JSON.stringify(found), 'sk_live_nothing')
  })

  test('SMS: what is missing is named, and an account is tried without sending one', async ({
    assert,
    cleanup,
  }) => {
    const brevo = await new FakeBrevo().start()
    cleanup(() => brevo.stop())
    const variables = {
      SMS_DRIVER: 'brevo',
      BREVO_API_BASE: brevo.settings.apiBase,
      BREVO_API_KEY: brevo.apiKey,
    }
    const lacking = await examine(variables)
    assert.equal(lacking.found.sms?.message, 'SMS_DRIVER=brevo lacks SMS_SENDER: SMS wait')
    assert.equal(lacking.found.sms?.status, 'fail')

    const working = await examine({ ...variables, SMS_SENDER: 'Amiable' })
    assert.equal(working.found.sms?.status, 'ok', working.found.sms?.message)
    assert.include(working.found.sms!.message, 'codes by SMS are offered')
    const refused = await examine({ ...variables, SMS_SENDER: 'Amiable', BREVO_API_KEY: 'xkeysib-wrong' })
    assert.equal(refused.found.sms?.status, 'fail')
    assert.match(refused.found.sms!.message, /^brevo: 401/)
    assert.notInclude(JSON.stringify(refused.found), 'xkeysib-wrong')
    assert.lengthOf(brevo.sms, 0)
  })

  test('a database that is missing or damaged is told apart', async ({ assert }) => {
    const missing = await examine({ DB_CONNECTION: 'sqlite', DB_FILE: `${home.folder}/none.sqlite` })
    assert.equal(missing.found.migrations?.status, 'fail')
    assert.notProperty(missing.found, 'integrity')

    await writeFile(`${home.folder}/text.sqlite`, 'this is no database, only some text'.repeat(100))
    const damaged = await examine({ DB_CONNECTION: 'sqlite', DB_FILE: `${home.folder}/text.sqlite` })
    assert.equal(damaged.found.migrations?.status, 'fail')
    assert.match(damaged.found.migrations!.message, /not a database/)
  })
})
