import { test } from '@japa/runner'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import GrantGrace from '#claims/actions/grant_grace'
import RecordCreditNote from '#claims/actions/record_credit_note'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const AGENCY_PAGES = [
  '/account',
  '/settings',
  '/settings/identity',
  '/settings/legal',
  '/settings/policies',
  '/settings/mail',
  '/mailings/numbers',
  '/settings/users',
  '/settings/users/create',
  '/settings/users/:user/edit',
  '/creditors',
  '/creditors/create',
  '/creditors/:ref',
  '/creditors/:ref/edit',
  '/creditors/:ref/contract/edit',
  '/creditors/:ref/mandates/create',
  '/creditors/:ref/users/create',
  '/claims/:claim',
  '/claims/:claim/statement',
]
const CREDITOR_PAGES = ['/home', '/home/bank']

async function givenSomebodyAtWork() {
  await givenAgency({ declarationOn: null })
  const admin = await givenUser('admin')
  const creditor = await givenCreditor({ iban: null })
  const theirs = await givenUser('creditor', { creditorId: creditor.id })
  const claim = await givenClaim({ creditor })
  const about = { claim, by: admin, issuedOn: '2026-07-05' }
  await new RecordCreditNote().handle({ ...about, number: 'AV-1', amountCents: 20_000, invoiceId: null })
  const bytes = Buffer.from('%PDF-1.7 for a test')
  const decision = { name: 'jugement.pdf', bytes, mediaType: 'application/pdf' }
  await new GrantGrace().handle({ ...about, startsOn: '2026-07-01', endsOn: '2026-07-31', decision })
  const address = (path: string) =>
    path.replace(':ref', creditor.ref).replace(':user', String(theirs.id)).replace(':claim', claim.ref)
  return { admin, theirs, address }
}

test.group('back-office', () => {
  test('axe finds nothing and nothing is wider than a phone, in the light and in the dark')
    .with([
      { colorScheme: 'light' as const, screen: DESKTOP },
      { colorScheme: 'dark' as const, screen: PHONE },
    ])
    .run(async ({ assert, cleanup }, { colorScheme, screen }) => {
      const { admin, theirs, address } = await givenSomebodyAtWork()
      for (const [user, paths] of [
        [admin, AGENCY_PAGES],
        [theirs, CREDITOR_PAGES],
      ] as const) {
        const { page, complaints, close } = await openPage({ ...screen, colorScheme })
        cleanup(close)
        await signInAs(page, user)
        for (const path of paths) {
          const response = await page.goto(address(path))
          assert.equal(response!.status(), 200, path)
          await assertAccessible(page)
          await assertNoHorizontalScroll(page)
        }
        assert.deepEqual(complaints, [])
      }
    })

  test('so do the pages outside the shell: signing in, refused, lost', async ({ assert, cleanup }) => {
    const { theirs } = await givenSomebodyAtWork()
    const { page, close } = await openPage({ ...PHONE, colorScheme: 'dark' })
    cleanup(close)
    const visit = async (path: string, status: number) => {
      assert.equal((await page.goto(path))!.status(), status, path)
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
    }
    await visit('/sign-in', 200)
    await visit('/nowhere', 404)
    await signInAs(page, theirs)
    await visit('/settings', 403)
  })

  test('the keyboard is enough: search, the menu, signing out', async ({ assert, cleanup }) => {
    const { admin } = await givenSomebodyAtWork()
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, admin)
    await page.goto('/settings')

    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip')
    await page.keyboard.press('/')
    assert.equal(await page.evaluate('document.activeElement.id'), 'global-search')

    await page.getByRole('button', { name: admin.fullName }).press('Enter')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Se déconnecter' }).press('Enter')
    await page.waitForURL('/sign-in')
    assert.deepEqual(complaints, [])
  })

  test('a link of invitation is copied, then opens the door to its holder', async ({ assert, cleanup }) => {
    const { admin } = await givenSomebodyAtWork()
    const office = await openPage()
    cleanup(office.close)
    await office.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await signInAs(office.page, admin)
    await office.page.goto('/settings/users/create')
    await office.page.getByLabel('Nom complet').fill('Paul Ravier')
    await office.page.getByLabel('Adresse e-mail').fill('paul@amiable.example')
    await office.page.getByRole('button', { name: 'Ajouter et créer le lien' }).click()
    await office.page.getByRole('button', { name: 'Copier' }).click()
    await office.page.getByRole('button', { name: 'Copié' }).waitFor()
    const link = await office.page.evaluate<string>('navigator.clipboard.readText()')

    const home = await openPage(PHONE)
    cleanup(home.close)
    await home.page.goto(link)
    await assertAccessible(home.page)
    await home.page.getByLabel('Mot de passe', { exact: true }).fill('une phrase assez longue')
    await home.page.getByLabel('Le même, une seconde fois').fill('une phrase assez longue')
    await home.page.getByRole('button', { name: 'Enregistrer et entrer' }).click()
    await home.page.waitForURL('/')
    const again = await home.page.goto(link)
    assert.equal(again!.status(), 404)
    await assertAccessible(home.page)
  })
})
