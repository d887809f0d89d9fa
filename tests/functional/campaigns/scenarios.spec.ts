import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import Letter from '#letters/models/letter'
import Scenario from '#campaigns/models/scenario'
import { due, givenCampaign, TEN } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { givenPublishedTemplate, givenTemplate } from '#tests/fixtures/templates'

const PATH = '/campaigns/scenarios/amiable'

async function stepsOf(kind: 'b2b' | 'b2c') {
  const scenario = await Scenario.query().where({ slug: 'amiable', kind }).preload('steps').firstOrFail()
  return scenario.steps
}

test.group('Scenario page', () => {
  test('D7: each step has its day, channel, mode and template; a collector reads and an admin chooses', async ({
    client,
    assert,
  }) => {
    await givenAgency()
    const read = await client.get(PATH).loginAs(await givenUser('collector'))
    for (const text of [
      'Amiable, professionnels',
      'Amiable, particuliers',
      'À confirmer',
      'Relance 4',
      'Examen',
    ]) {
      read.assertTextIncludes(text)
    }
    assert.notInclude(read.text(), '<select')
    const admin = await givenUser('admin')
    ;(await client.get(PATH).loginAs(admin)).assertTextIncludes('<select')
    ;(await client.get('/campaigns/scenarios/none').loginAs(admin)).assertStatus(404)
  })

  test('only what is published for that channel, those debtors and every creditor is offered', async ({
    client,
    assert,
  }) => {
    await givenAgency()
    const creditor = await givenCreditor()
    await givenPublishedTemplate({ slug: 'firm', name: 'Ton ferme' })
    await givenPublishedTemplate({ slug: 'soft', name: 'Ton doux', channel: 'email' })
    await givenPublishedTemplate({ slug: 'people', name: 'Aux particuliers', audience: 'b2c' })
    await givenPublishedTemplate({ slug: 'theirs', name: 'Le leur', creditorId: creditor.id })
    await givenTemplate({ slug: 'unread', name: 'Brouillon' })
    const page = (await client.get(PATH).loginAs(await givenUser('admin'))).text()
    const offered = (id: number) => {
      const select = page.slice(
        page.indexOf(`id="template-${id}"`),
        page.indexOf('</select>', page.indexOf(`id="template-${id}"`))
      )
      return [...select.matchAll(/value="(\w+)"/g)].map(([, slug]) => slug)
    }
    const [business, people] = [await stepsOf('b2b'), await stepsOf('b2c')]
    assert.deepEqual(offered(business[0]!.id), ['first_letter', 'firm'])
    assert.deepEqual(offered(people[0]!.id), ['first_letter', 'people', 'firm'])
    assert.deepEqual(offered(business[1]!.id), [
      'reminder_1',
      'reminder_2',
      'reminder_3',
      'reminder_4',
      'soft',
    ])
  })

  test('the template chosen writes the steps that have not left, in campaigns under way too', async ({
    client,
    assert,
  }) => {
    await givenAgency()
    await givenPublishedTemplate({ slug: 'firm' })
    const claim = await givenClaim()
    await givenCampaign([claim])
    const [step] = await stepsOf('b2b')
    const response = await client
      .put(`${PATH}/steps/${step!.id}`)
      .form({ template: 'firm' })
      .withCsrfToken()
      .loginAs(await givenUser('admin'))
      .redirects(0)
    response.assertFlashMessage('success', 'Modèle choisi pour cette étape.')
    await due(TEN)
    assert.equal((await Letter.findByOrFail('claimId', claim.id)).template, 'firm')
  })

  test('what does not fit is refused and nothing changes: {$self}')
    .with(['unread', 'soft', 'people', 'none', 'altered'])
    .run(async ({ client, assert }, slug) => {
      await givenAgency()
      await givenTemplate({ slug: 'unread' })
      await givenPublishedTemplate({ slug: 'soft', channel: 'email' })
      await givenPublishedTemplate({ slug: 'people', audience: 'b2c' })
      const { version } = await givenPublishedTemplate({ slug: 'altered' })
      await db.from('letter_templates').where('id', version.templateId).update({ language: 'en' })
      const [step] = await stepsOf('b2b')
      const response = await client
        .put(`${PATH}/steps/${step!.id}`)
        .form({ template: slug })
        .withCsrfToken()
        .loginAs(await givenUser('admin'))
        .redirects(0)
      assert.equal(response.status(), 302)
      assert.equal((await stepsOf('b2b'))[0]!.template, 'first_letter')
    })

  test('a collector may not choose, nor an admin a step of another scenario', async ({ client, assert }) => {
    await givenAgency()
    const [step] = await stepsOf('b2b')
    const put = async (path: string, role: 'admin' | 'collector') =>
      client
        .put(path)
        .form({ template: 'first_letter' })
        .withCsrfToken()
        .loginAs(await givenUser(role))
        .redirects(0)
    assert.equal((await put(`${PATH}/steps/${step!.id}`, 'collector')).status(), 403)
    assert.equal((await put(`/campaigns/scenarios/other/steps/${step!.id}`, 'admin')).status(), 404)
  })
})
