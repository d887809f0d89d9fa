import { test } from '@japa/runner'
import { HttpContextFactory } from '@adonisjs/core/factories/http'
import { errors as limits } from '@adonisjs/limiter'
import { LimiterResponse } from '@adonisjs/limiter'
import HttpExceptionHandler from '#exceptions/handler'
import { givenAgency, givenUser } from '#tests/fixtures/domain'

async function pageFor(error: unknown) {
  const ctx = new HttpContextFactory().create()
  ctx.request.request.headers.accept = 'text/html'
  await new HttpExceptionHandler().handle(error, ctx)
  return { status: ctx.response.getStatus(), html: String(ctx.response.getBody()), ctx }
}

test.group('error pages', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('an address that does not exist', async ({ client, assert }) => {
    const page = await client.get('/nowhere').header('accept', 'text/html')
    page.assertStatus(404)
    assert.include(page.text(), '<html lang="fr">')
    assert.include(page.text(), 'Page introuvable')
  })

  test('a page that is not open to a role', async ({ client, assert }) => {
    const page = await client.get('/settings').loginAs(await givenUser('collector'))
    page.assertStatus(403)
    assert.include(page.text(), 'Cette page ne vous est pas ouverte')
  })

  test('a form left open too long goes back to its page and says so', async ({ client, assert }) => {
    await givenUser('admin')
    const page = await client.post('/sign-in').header('Referer', '/sign-in').form({ email: 'a@b.fr' })
    assert.include(page.text(), 'La page était restée ouverte trop longtemps')
  })

  test('an unexpected error gives a reference and nothing of itself', async ({ assert }) => {
    const { status, html } = await pageFor(new Error('select secret from vault'))
    assert.equal(status, 500)
    assert.include(html, 'Quelque chose n’a pas fonctionné')
    assert.include(html, 'Référence')
    assert.notInclude(html, 'vault')
  })

  test('too many tries: when to come back', async ({ assert }) => {
    const counted = new LimiterResponse({ limit: 10, remaining: 0, consumed: 11, availableIn: 600 })
    const { status, html, ctx } = await pageFor(new limits.E_TOO_MANY_REQUESTS(counted))
    assert.equal(status, 429)
    assert.include(html, 'Trop d’essais')
    assert.equal(ctx.response.getHeader('retry-after'), '600')
  })
})
