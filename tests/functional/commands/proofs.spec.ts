import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import { zipOf } from '#registered_mail/evidence/bundle/zip'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { aDepositedLetter, exported } from '#tests/fixtures/evidence'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { filesOf } from '#tests/harness/proofs/files'

test.group('proofs:export and proofs:verify', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  const run = (...args: string[]) => runCommand(args, home.variables)

  test('verify takes the file alone: what holds is told in one JSON line, what does not ends in 1', async ({
    assert,
  }) => {
    await givenAgency()
    const letter = await aDepositedLetter(await givenClaim())
    const { zip } = await exported(letter.ref)
    const [good, bad] = [join(home.folder, 'good.zip'), join(home.folder, 'bad.zip')]
    writeFileSync(good, zip)
    const files = filesOf(zip)
    files.set(PATHS.log, Buffer.from(files.get(PATHS.log)!.toString().replace('STUDIO', 'ATELIER')))
    writeFileSync(bad, zipOf(files, new Date()))

    const held = await run('proofs:verify', good, '--json')
    assert.equal(held.code, 0, held.stderr)
    assert.deepInclude(JSON.parse(held.stdout), { ok: true, events: 1, problems: [], ref: letter.ref })

    const fell = await run('proofs:verify', bad, '--json')
    assert.equal(fell.code, 1)
    assert.isFalse(JSON.parse(fell.stdout).ok)
    assert.deepInclude(JSON.parse(fell.stdout).problems, { code: 'file_altered', where: PATHS.log })
    assert.lengthOf(fell.stderr.trimEnd().split('\n'), 1)

    const trusting = await run('proofs:verify', good, '--json', '--seal-ca', '/nowhere.pem')
    assert.deepEqual([trusting.code, trusting.stdout], [1, ''])
    assert.include(trusting.stderr, 'No such file or folder: /nowhere.pem')

    const mistaken = await run('proofs:verify', good, '--json', '--tsa-ca', 'package.json')
    assert.deepEqual([mistaken.code, mistaken.stdout], [1, ''])
    assert.include(mistaken.stderr, 'package.json holds no certificate (PEM)')
  })

  test('what cannot be done is one line: {args}')
    .with([
      { args: 'proofs:export --out=x.zip', says: 'Name the letter with --mailing=REF' },
      { args: 'proofs:export --mailing=D-0-L1', says: 'Name the file to write with --out' },
      { args: 'proofs:export --mailing=D-0-L1 --out=x.zip', says: 'There is no letter D-0-L1' },
      { args: 'proofs:verify /nowhere.zip', says: 'No such file or folder: /nowhere.zip' },
      { args: 'proofs:verify docs', says: 'docs is a folder: name the ZIP' },
      { args: 'proofs:verify package.json', says: 'package.json is no ZIP' },
      { args: 'seal:renew', says: 'There is no agency yet' },
    ])
    .run(async ({ assert }, { args, says }) => {
      const { code, stdout, stderr } = await run(...args.split(' '))
      assert.deepEqual([code, stdout], [1, ''])
      assert.include(stderr, says)
      assert.lengthOf(stderr.trimEnd().split('\n'), 1)
    })
})
