import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { aLine, camt053, cfonb120 } from '#tests/fixtures/statements'

test.group('statements:import', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  async function run(content: string, ...flags: string[]) {
    const file = join(home.folder, 'releve')
    await writeFile(file, content, 'latin1')
    return runCommand(['statements:import', file, '--json', ...flags], home.variables)
  }

  test('says what became of the lines, and the same file again changes nothing', async ({ assert }) => {
    const xml = camt053([aLine(), aLine({ amountCents: -500 })])
    const first = await run(xml)
    assert.equal(first.code, 0, first.stderr)
    assert.deepEqual(JSON.parse(first.stdout), {
      lines: 2,
      duplicates: 0,
      matched: 0,
      suggested: 0,
      unmatched: 2,
    })
    const again = await run(xml, '--format=camt053')
    assert.deepEqual(JSON.parse(again.stdout), {
      lines: 2,
      duplicates: 2,
      matched: 0,
      suggested: 0,
      unmatched: 0,
    })
  })

  test('rule 31: the same statement given twice at once enters once', async ({ assert }) => {
    const lines = Array.from({ length: 50 }, (_, index) => aLine({ amountCents: 1_000 + index }))
    const runs = await Promise.all([run(camt053(lines)), run(camt053(lines))])
    const counts = runs.map(({ code, stdout, stderr }) => {
      assert.equal(code, 0, stderr)
      return JSON.parse(stdout)
    })
    assert.equal(counts[0].lines + counts[1].lines, 100)
    assert.equal(counts[0].duplicates + counts[1].duplicates, 50)
  })

  test('says in one line why a file does not enter, and where', async ({ assert }) => {
    const cfonb = cfonb120([aLine()])
    for (const [content, flags, says] of [
      [cfonb.replace('\r\n04', '\r\n0'), [], 'Line 2: it has 119 characters'],
      [cfonb, ['--format=camt053'], 'XML is'],
      [cfonb, ['--format=mt940'], '--format takes camt053, cfonb120, csv, not "mt940"'],
    ] as const) {
      const { code, stdout, stderr } = await run(content, ...flags)
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.include(stderr, says)
      assert.lengthOf(stderr.trim().split('\n'), 1)
    }
    const nowhere = await runCommand(['statements:import', '/nowhere'], home.variables)
    assert.include(nowhere.stderr, 'there is no such file')
  })
})
