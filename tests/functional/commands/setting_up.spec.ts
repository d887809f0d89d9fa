import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'

const sample = (name: string) => app.makePath('docs/samples', name)

test.group('agency:configure, creditors:create, users:create', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  const run = (...args: string[]) => runCommand(args, home.variables)
  const answer = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout)
  const given = async (content: object) => {
    const path = join(home.folder, 'given.json')
    await writeFile(path, JSON.stringify(content))
    return path
  }

  test('the agency says what R124-2 still asks for, until nothing is missing', async ({ assert }) => {
    const bare = await given({ name: 'Cabinet', address: ['12 rue des Archives', '75004 PARIS'] })
    assert.deepEqual(await answer('agency:configure', bare), {
      ok: false,
      missing: ['insurance_missing', 'dedicated_account_missing', 'declaration_missing'],
    })
    assert.deepEqual(await answer('agency:configure', sample('agency.json')), { ok: true, missing: [] })
  })

  test('a creditor gets the next reference', async ({ assert }) => {
    assert.deepEqual(await answer('creditors:create', sample('creditor.json')), { ref: 'C-00001' })
    assert.deepEqual(await answer('creditors:create', sample('creditor.json')), { ref: 'C-00002' })
  })

  test('a creditor may have a Stripe account of its own, in its form', async ({ assert }) => {
    const creditor = JSON.parse(await readFile(sample('creditor.json'), 'utf8'))
    const refused = await run(
      'creditors:create',
      await given({ ...creditor, stripeAccount: 'cus_1234567890' })
    )
    assert.notEqual(refused.code, 0)
    assert.include(refused.stderr, 'stripeAccount')
    const { ref } = await answer(
      'creditors:create',
      await given({ ...creditor, stripeAccount: 'acct_1RivageStudio' })
    )
    assert.match(ref, /^C-\d{5}$/)
  })

  test('a mandate may carry what the contracts say, with the clause it rests on', async ({ assert }) => {
    const creditor = JSON.parse(await readFile(sample('creditor.json'), 'utf8'))
    const carrying = (contract: object) => given({ ...creditor, mandate: { ...creditor.mandate, contract } })
    const refused = await run('creditors:create', await carrying({ rateBps: 1500 }))
    assert.equal(refused.code, 1)
    assert.include(refused.stderr, '"mandate.contract.clause" is missing')
    const unread = await run('creditors:create', await carrying({ rateBps: '15 %' }))
    assert.include(unread.stderr, 'rateBps')
    const { ref } = await answer(
      'creditors:create',
      await carrying({ rateBps: 1500, dayCount: 'ACT_ACT', clause: 'CGV, article 8' })
    )
    assert.match(ref, /^C-\d{5}$/)
  })

  test('a user without a password gets a link; with one, none', async ({ assert }) => {
    const person = ['--email=claire@amiable.example', '--name=Claire Vasseur']
    const invited = await answer('users:create', ...person, '--role=collector')
    assert.isNumber(invited.id)
    assert.match(invited.inviteUrl, /^http:\/\/.+\/invitations\/[\w-]{43}$/)

    const other = ['--email=paul@amiable.example', '--name=Paul Ravier', '--role=admin']
    const created = await answer('users:create', ...other, '--password=une phrase assez longue')
    assert.isNull(created.inviteUrl)
  })

  test('what is wrong is one line, and nothing is half done')
    .with([
      {
        args: ['users:create', '--email=x@y.fr', '--name=Xavier', '--role=creditor', '--creditor=C-9'],
        says: 'There is no creditor C-9',
      },
      {
        args: ['users:create', '--email=Claire@amiable.example', '--name=Claire', '--role=admin'],
        says: 'already has the address claire@amiable.example',
      },
    ])
    .run(async ({ assert }, { args, says }) => {
      const { code, stdout, stderr } = await run(...args, '--json')
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.lengthOf(stderr.trimEnd().split('\n'), 1)
      assert.include(stderr, says)
    })

  test('a file that lacks something says what, and takes no reference', async ({ assert }) => {
    const { code, stderr } = await run('creditors:create', await given({ name: 'X' }), '--json')
    assert.equal(code, 1)
    assert.equal(stderr, '✘ "address" is missing\n')
    assert.deepEqual(await answer('creditors:create', sample('creditor.json')), { ref: 'C-00005' })
  })
})
