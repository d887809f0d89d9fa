import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { sha256 } from '#shared/files'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { inspectPdf } from '#tests/fixtures/letters'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const samples = app.makePath('docs/samples')
const LAUNCHED_ON = '2026-11-23'

test.group('letters:print and letters:preview', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  let campaigns: { id: number; kind: string; claims: number }[]

  const run = (...args: string[]) => runCommand(args, home.variables)

  async function answer(...args: string[]) {
    const { code, stdout, stderr } = await run(...args, '--json')
    if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
    return JSON.parse(stdout)
  }

  /** The sample sheet imported, launched, confirmed, and its first letters due and queued. */
  group.setup(async () => {
    home = await givenInstallation()
    await answer('agency:configure', join(samples, 'agency.json'))
    const { ref } = await answer('creditors:create', join(samples, 'creditor.json'))
    const sheet = join(samples, 'creances-sample.xlsx')
    await answer('claims:import', sheet, `--creditor=${ref}`, '--partial', '--accept-terms')
    const launched = await answer(
      'campaigns:launch',
      `--creditor=${ref}`,
      '--scenario=amiable',
      `--on=${LAUNCHED_ON}`,
      '--yes'
    )
    campaigns = launched.campaigns
    for (const { id } of campaigns) await answer('actions:confirm', `--campaign=${id}`, `--on=${LAUNCHED_ON}`)
    await answer('tick', `--at=${LAUNCHED_ON}T09:00:00.000Z`, '--until-idle')
    return home.discard
  })

  test('the letters of a campaign become one file of all, and one file each', async ({ assert }) => {
    const { id, claims } = campaigns[0]!
    const out = join(home.folder, 'all.pdf')
    const split = join(home.folder, 'each')
    const { letters, pages, files } = await answer(
      'letters:print',
      `--campaign=${id}`,
      `--out=${out}`,
      `--split=${split}`
    )
    assert.equal(letters, claims)
    assert.equal(files, claims + 1)

    const all = await inspectPdf(await readFile(out))
    assert.equal(all.pages, pages)
    assert.include(all.check, 'No syntax or stream encoding errors found')
    const names = await readdir(split)
    assert.lengthOf(names, claims)
    for (const name of names.slice(0, 3)) {
      const one = await inspectPdf(await readFile(join(split, name)))
      assert.include(one.text, `Lettre ${name.replace('.pdf', '')} du 23/11/2026`)
      assert.match(one.info, /Tagged:\s+yes/)
    }
  }).skip(...WITHOUT_PDF_READERS)

  test('printing again gives the same letters, byte for byte', async ({ assert }) => {
    const hashes = async (folder: string) => {
      const split = join(home.folder, folder)
      await answer(
        'letters:print',
        `--on=${LAUNCHED_ON}`,
        `--split=${split}`,
        `--out=${join(split, 'all.pdf')}`
      )
      const names = (await readdir(join(home.folder, folder))).sort()
      return Promise.all(names.map(async (name) => sha256(await readFile(join(home.folder, folder, name)))))
    }
    const first = await hashes('first')
    assert.isAbove(first.length, 10)
    assert.equal(new Set(first).size, first.length)
    assert.deepEqual(await hashes('second'), first)
  })

  test('on both sides, every letter begins on a new sheet', async ({ assert }) => {
    const out = join(home.folder, 'duplex.pdf')
    await answer('letters:print', `--on=${LAUNCHED_ON}`, `--out=${out}`, '--duplex')
    const { pages, text } = await inspectPdf(await readFile(out))
    assert.equal(pages % 2, 0)
    assert.include(text, 'page 1 /')
  }).skip(...WITHOUT_PDF_READERS)

  test('a preview is drawn without a live link, with its digest and warnings', async ({ assert }) => {
    const { claims } = await answer('claims:list')
    const out = join(home.folder, 'preview', 'letter.pdf')
    const preview = await answer(
      'letters:preview',
      '--template=registered_letter',
      `--claim=${claims[0].ref}`,
      `--out=${out}`
    )
    const bytes = await readFile(out)
    assert.equal(preview.sha256, sha256(bytes))
    assert.deepEqual(preview.warnings, [])
    const pdf = await inspectPdf(bytes)
    assert.equal(pdf.pages, preview.pages)
    assert.include(pdf.text, 'Lettre recommandée')
  }).skip(...WITHOUT_PDF_READERS)

  test('what cannot be done is one line, exit code 1 and no file: {command}')
    .with([
      { command: 'letters:print --on=2026-11-23', says: 'Name the file to write' },
      {
        command: 'letters:print --out=OUT --on=2026-11-23 --campaign=1',
        says: 'Choose the letters with one of',
      },
      { command: 'letters:print --out=OUT --claims=NOPE', says: 'No letter answers to that: these files' },
      { command: 'letters:print --out=OUT --campaign=99999999999999999999', says: 'there is no campaign' },
      { command: 'letters:print --out=OUT --on=2026-11-22', says: 'none is dated 2026-11-22' },
      { command: 'letters:preview --template=nope --claim=X --out=OUT', says: 'There is no template "nope"' },
    ])
    .run(async ({ assert }, { command, says }) => {
      const out = join(home.folder, 'never.pdf')
      const { code, stdout, stderr } = await run(...command.replace('OUT', out).split(' '))
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.include(stderr, says)
      assert.lengthOf(stderr.trimEnd().split('\n'), 1)
      assert.notInclude(await readdir(home.folder), 'never.pdf')
    })
})
