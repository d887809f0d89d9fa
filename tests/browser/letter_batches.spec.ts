import { test } from '@japa/runner'
import { RenderLetters } from '#letters/actions/render_letters'
import { CreateBatch } from '#letters/batches/create_batch'
import { WorkBatches } from '#letters/batches/work_batches'
import { selectLetters } from '#letters/queries/letter_selection'
import { closePrinter } from '#letters/rendering/printer'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter } from '#tests/fixtures/letters'
import { givenPublishedTemplate } from '#tests/fixtures/templates'

async function givenLetters(count: number, state: 'queued' | 'rendered' | 'failed' = 'queued') {
  const refs: string[] = []
  for (let index = 0; index < count; index++) {
    const letter = await aQueuedLetter(await givenClaim())
    refs.push(letter.ref)
    if (state === 'failed') await letter.merge({ state, failure: 'address_missing' }).save()
  }
  if (state === 'rendered') await new RenderLetters().handle()
  return refs
}

const batchOf = async (refs: string[]) =>
  new CreateBatch().handle({
    letters: await selectLetters({ refs }),
    duplex: true,
    addressSheets: false,
    userId: null,
  })

test.group('letter batches', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('ticked in the agenda, followed while they are written, then ready without a click', async ({
    assert,
    cleanup,
  }) => {
    await givenLetters(2, 'rendered')
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, await givenUser())
    await page.goto('/?group=to_print')
    for (const box of await page.locator('input[name="refs[]"]').all()) await box.check()
    await page.getByRole('button', { name: 'Imprimer la sélection' }).click()
    await page.getByRole('link', { name: 'Télécharger le PDF' }).waitFor()

    const batch = await batchOf(await givenLetters(3))
    await page.goto(`/letters/batches/${batch.ref}`)
    await page.getByText('0 sur 3 écrits').first().waitFor()
    await new WorkBatches().handle()
    await page.getByRole('link', { name: 'Télécharger le PDF' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('axe finds nothing and nothing is wider than a phone, in the light and in the dark')
    .with([
      { colorScheme: 'light' as const, screen: DESKTOP },
      { colorScheme: 'dark' as const, screen: PHONE },
    ])
    .run(async ({ assert, cleanup }, { colorScheme, screen }) => {
      const ready = await batchOf([
        ...(await givenLetters(2, 'rendered')),
        ...(await givenLetters(1, 'failed')),
      ])
      await new WorkBatches().handle()
      const working = await batchOf(await givenLetters(1))
      await givenPublishedTemplate({ slug: 'firm', name: 'Ton ferme' })
      const { page, complaints, close } = await openPage({ ...screen, colorScheme })
      cleanup(close)
      await signInAs(page, await givenUser('admin'))
      for (const path of [
        '/letters',
        '/letters/batches',
        `/letters/batches/${ready.ref}`,
        `/letters/batches/${working.ref}`,
        '/?group=to_print',
        '/campaigns/scenarios/amiable',
      ]) {
        assert.equal((await page.goto(path))!.status(), 200, path)
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }
      assert.deepEqual(complaints, [])
    })
})
