import { readdir } from 'node:fs/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { AmiableCommand } from '#shared/command'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'

test.group('commands', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  const run = (args: string[], variables = {}) => runCommand(args, { ...home.variables, ...variables })

  test('every command answers the same way', async ({ assert }) => {
    const files = await readdir(app.makePath('app/commands'))
    assert.isAbove(files.length, 0)
    for (const file of files) {
      const { default: command } = await import(app.makePath('app/commands', file))
      assert.isTrue(command.prototype instanceof AmiableCommand, `${file} extends AmiableCommand`)
      assert.include(
        command.flags.map((flag: { name: string }) => flag.name),
        'json',
        file
      )
      assert.isAbove(command.description.length, 10, `${file} describes itself`)
    }
  })

  test('--json: one line on standard output, the rest on standard error', async ({ assert }) => {
    const { code, stdout } = await run(['claims:list', '--json'])
    assert.equal(code, 0)
    assert.lengthOf(stdout.trimEnd().split('\n'), 1)
    assert.equal(JSON.parse(stdout).total, 0)
  })

  test('what is wrong is one line on standard error, and exit code 1: {command}')
    .with([
      { command: 'doctor --nonsense', says: 'Unknown flag "--nonsense"' },
      { command: 'doctor now', says: 'Unexpected argument "now"' },
      { command: 'docter', says: 'Command "docter" is not defined. Did you mean doctor?' },
      { command: 'agency:configure', says: 'Missing required argument "file"' },
      { command: 'agency:configure /nowhere.json', says: '/nowhere.json' },
    ])
    .run(async ({ assert }, { command, says }) => {
      const { code, stdout, stderr } = await run(command.split(' '))
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.lengthOf(stderr.trimEnd().split('\n'), 1)
      assert.include(stderr, says)
    })

  test('without a database, or with a setting that is wrong, nothing is begun', async ({ assert }) => {
    const missing = await run(['claims:list'], {
      DB_CONNECTION: 'sqlite',
      DB_FILE: `${home.folder}/none.sqlite`,
    })
    assert.equal(missing.code, 1)
    assert.equal(missing.stderr, '✘ There is no database yet: run "npm run setup" first\n')

    const setting = await run(['claims:list'], { DB_CONNECTION: 'oracle' })
    assert.equal(setting.code, 1)
    assert.match(setting.stderr, /^✘ The environment is not right: .*DB_CONNECTION/)
  })
})
