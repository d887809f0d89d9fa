import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Assert } from '@japa/assert'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { rawRows } from '#imports/reader/read_spreadsheet'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { rules } from '#tests/fixtures/spreadsheets'

const samples = app.makePath('docs/samples')
const fixtures = app.makePath('tests/fixtures/creances')
type Finding = { row: number; column: string; code: string; message?: string }

/** The contract's comparison: a message may be there, nothing else may differ. */
function bare(report: { importId?: unknown; rejected: Finding[]; warnings: Finding[] }) {
  const { importId, ...rest } = report
  const unworded = ({ message, ...finding }: Finding) => finding
  return { ...rest, rejected: report.rejected.map(unworded), warnings: report.warnings.map(unworded) }
}

test.group('claims:import', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    const agency = await runCommand(['agency:configure', join(samples, 'agency.json')], home.variables)
    if (agency.code !== 0) throw new Error(agency.stderr)
    return home.discard
  })

  let known: string | undefined
  const run = (...args: string[]) => runCommand(args, home.variables)
  const newCreditor = async () => {
    const { stdout, stderr } = await run('creditors:create', join(samples, 'creditor.json'), '--json')
    if (!stdout) throw new Error(stderr)
    return JSON.parse(stdout).ref as string
  }

  test('{0} comes out exactly as expected')
    .with(['creances-sample.xlsx', 'creances-sample.csv', 'creances-clean.xlsx', 'creances-clean.csv'])
    .run(async ({ assert }, name) => {
      const path = join(name.includes('sample') ? samples : fixtures, name)
      const expected = JSON.parse(
        await readFile(join(fixtures, name.replace(/\.\w+$/, '.expected.json')), 'utf8')
      )
      const creditor = await newCreditor()
      for (const flags of [['--dry-run'], ['--partial', '--accept-terms']]) {
        const { code, stdout, stderr } = await run(
          'claims:import',
          path,
          `--creditor=${creditor}`,
          '--json',
          ...flags
        )
        assert.equal(code, 0, stderr)
        assert.lengthOf(stdout.trimEnd().split('\n'), 1)
        const report = JSON.parse(stdout)
        assert.deepEqual(bare(report), expected)
        assert.equal(report.importId === null, flags[0] === '--dry-run')
        for (const { message } of [...report.rejected, ...report.warnings]) assert.isAbove(message.length, 10)
      }
    })

  test('one rejected row refuses the whole table, and leaves nothing behind', async ({ assert }) => {
    const creditor = await newCreditor()
    const errors = join(home.folder, 'errors.xlsx')
    const { code, stdout, stderr } = await run(
      'claims:import',
      join(samples, 'creances-sample.xlsx'),
      `--creditor=${creditor}`,
      `--errors=${errors}`,
      '--json'
    )
    assert.equal(code, 1)
    assert.include(stderr, '7 error(s)')
    const report = JSON.parse(stdout)
    assert.deepInclude(report, { importId: null, rows: 34, claims: 0, principalCents: 0 })
    assert.lengthOf(report.rejected, 7)
    const listed = await run('claims:list', `--creditor=${creditor}`, '--json')
    assert.equal(JSON.parse(listed.stdout).total, 0)

    const columns = { by: 'recognition' } as const
    const lines: unknown[][] = []
    for await (const batch of rawRows(errors, { columns, rules }))
      lines.push(...batch.map(({ cells }) => cells))
    assert.equal(lines[0]!.at(-1), 'Erreurs')
    assert.equal(lines[27]!.at(-1), 'Adresse postale : Adresse postale manquante')
    assert.lengthOf(lines, 35)
  })

  test('a table imported twice is a table of duplicates', async ({ assert }) => {
    const creditor = await newCreditor()
    const path = join(fixtures, 'creances-clean.csv')
    assert.equal((await run('claims:import', path, `--creditor=${creditor}`, '--json')).code, 0)
    const again = await run('claims:import', path, `--creditor=${creditor}`, '--json', '--dry-run')
    const report = JSON.parse(again.stdout)
    assert.deepInclude(report, { rows: 63, claims: 0 })
    assert.deepEqual([...new Set(report.warnings.map(({ code }: Finding) => code))], ['duplicate_invoice'])
    const committed = await run('claims:import', path, `--creditor=${creditor}`)
    assert.equal(committed.code, 1)
    assert.include(committed.stderr, 'No row of the table can be imported')
  })

  async function refused(assert: Assert, args: string[], says: string) {
    known ??= await newCreditor()
    const named = args.some((arg) => arg.startsWith('--creditor')) ? args : [...args, `--creditor=${known}`]
    const { code, stdout, stderr } = await run('claims:import', ...named, '--json')
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.lengthOf(stderr.trimEnd().split('\n'), 1)
    assert.include(stderr, says)
  }

  test('what cannot be read is one clear line: {0}')
    .with([
      [['/nowhere.xlsx'], 'cannot be read: there is no such file'],
      [['resources', '--dry-run'], 'cannot be read: it is not a file'],
      [['package.json', '--creditor=C-nobody'], 'No creditor has the reference "C-nobody"'],
      [['LICENSE'], ': Full name, Postal address'],
      [['public/favicon.ico', '--mapping=none'], 'has no saved mapping "none"'],
    ] as [string[], string][])
    .run(({ assert }, [args, says]) => refused(assert, args, says))

  test('a file of errors that cannot be written refuses the table before anything enters', async ({
    assert,
  }) => {
    const clean = join(fixtures, 'creances-clean.csv')
    await refused(assert, [clean, '--errors=/nowhere/errors.xlsx'], 'cannot be written: ENOENT')
    await refused(assert, [clean, `--errors=${home.folder}`], 'cannot be written: it is not a file')
    await refused(assert, [clean, `--errors=${clean}`], '--errors takes another file')
    const listed = await run('claims:list', `--creditor=${known}`, '--json')
    assert.equal(JSON.parse(listed.stdout).total, 0)
  })
})
