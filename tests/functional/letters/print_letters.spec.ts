import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { PrintLetters } from '#letters/actions/print_letters'
import Letter from '#letters/models/letter'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter } from '#tests/fixtures/letters'
import { renderLetters } from '#tests/fixtures/campaigns'

test.group('Printing letters', (group) => {
  let folder: string
  group.each.setup(async () => {
    await givenAgency()
    folder = await mkdtemp(join(tmpdir(), 'amiable-letters-'))
    return () => rm(folder, { recursive: true })
  })

  /** Letters written, and not posted, of files that go on. */
  async function givenWritten(count: number) {
    const letters: Letter[] = []
    for (let index = 0; index < count; index++) letters.push(await aQueuedLetter(await givenClaim()))
    await renderLetters('rendered')
    return letters
  }

  const print = () =>
    new PrintLetters().handle({ selection: { on: '2026-11-16' }, split: folder, duplex: false })
  const change = (letter: Letter, claim: object) =>
    db.from('claims').where('id', letter.claimId).update(claim)

  test('U3: whoever paid, contested or was let be since is not in the pile, and is told', async ({
    assert,
  }) => {
    const [goes, paid, disputed, paused, closed, prescribed, posted] = await givenWritten(7)
    await Letter.query().update({ pages: 2 })
    for (const [letter, status] of [
      [paid, 'paid'],
      [disputed, 'disputed'],
      [paused, 'paused'],
      [closed, 'closed'],
      [posted, 'paid'],
    ] as const) {
      await change(letter!, { status })
    }
    await change(prescribed!, { limitation_on: '2026-11-17' })
    await Letter.query().where('id', posted!.id).update({ state: 'printed' })

    assert.deepEqual(await print(), {
      outcome: 'printed',
      letters: 2,
      pages: 4,
      files: 2,
      leftOut: [
        { ref: paid!.ref, reason: 'claim_paid' },
        { ref: disputed!.ref, reason: 'claim_disputed' },
        { ref: paused!.ref, reason: 'claim_paused' },
        { ref: closed!.ref, reason: 'claim_closed' },
        { ref: prescribed!.ref, reason: 'claim_prescribed' },
      ],
    })
    assert.sameMembers(await readdir(folder), [`${goes!.ref}.pdf`, `${posted!.ref}.pdf`])
  })

  test('when all have stopped, nothing is written', async ({ assert }) => {
    const [paid] = await givenWritten(1)
    await change(paid!, { status: 'paid' })
    assert.deepEqual(await print(), {
      outcome: 'all_left_out',
      leftOut: [{ ref: paid!.ref, reason: 'claim_paid' }],
    })
    assert.lengthOf(await readdir(folder), 0)
  })

  test('the page offers no such letter to print, says why, and refuses one asked for all the same', async ({
    assert,
    client,
  }) => {
    const [goes, paid] = await givenWritten(2)
    await Letter.query().update({ pages: 2 })
    await change(paid!, { status: 'paid' })
    const user = await givenUser()
    const page = await client.get('/letters').loginAs(user)
    assert.include(page.text(), `value="${goes!.ref}"`)
    assert.notInclude(page.text(), `value="${paid!.ref}"`)
    assert.include(page.text(), 'Le dossier a été soldé entre-temps.')

    const refused = await client
      .post('/letters/prints')
      .loginAs(user)
      .form({ refs: [goes!.ref, paid!.ref] })
      .withCsrfToken()
    assert.include(refused.text(), `${paid!.ref}. Le dossier s’est arrêté`)
  })
})
