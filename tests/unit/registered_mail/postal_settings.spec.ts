import { test } from '@japa/runner'
import { mailevaFrom, merciFacteurFrom } from '#config/postal'

const from = (values: Record<string, string>) => (name: string) => values[name]

test.group('Settings of the postal providers', () => {
  test('nothing set is no provider', ({ assert }) => {
    assert.isNull(merciFacteurFrom(from({})))
    assert.isNull(mailevaFrom(from({ MAILEVA_API_BASE: 'https://api.sandbox.maileva.net' })))
  })

  test('the documented addresses are the default', ({ assert }) => {
    const merciFacteur = merciFacteurFrom(
      from({ MERCI_FACTEUR_SERVICE_ID: 's', MERCI_FACTEUR_SECRET_KEY: 'k' })
    )
    assert.equal(merciFacteur?.apiBase, 'https://www.merci-facteur.com/api/1.2/prod/service')
    const maileva = mailevaFrom(from({ MAILEVA_CLIENT_ID: 'c', MAILEVA_CLIENT_SECRET: 's' }))
    assert.deepEqual(
      [maileva?.apiBase, maileva?.authBase, maileva?.user],
      ['https://api.maileva.com', 'https://connexion.maileva.com', null]
    )
  })

  test('a slash at the end of an address changes nothing', ({ assert }) => {
    const settings = mailevaFrom(
      from({ MAILEVA_CLIENT_ID: 'c', MAILEVA_CLIENT_SECRET: 's', MAILEVA_API_BASE: 'http://127.0.0.1:4000/' })
    )
    assert.equal(settings?.apiBase, 'http://127.0.0.1:4000')
  })

  test('half of what goes together names the other half', ({ assert }) => {
    assert.throws(
      () => merciFacteurFrom(from({ MERCI_FACTEUR_SERVICE_ID: 's' })),
      /MERCI_FACTEUR_SECRET_KEY must be set too/
    )
    const application = { MAILEVA_CLIENT_ID: 'c', MAILEVA_CLIENT_SECRET: 's' }
    assert.throws(
      () => mailevaFrom(from({ ...application, MAILEVA_USERNAME: 'u' })),
      /MAILEVA_PASSWORD must be set/
    )
  })

  test('{$self} is refused: letters and passwords do not travel in clear text')
    .with(['http://api.maileva.com', 'ftp://x', 'api.maileva.com', 'http://127.0.0.1.evil.fr'])
    .run(({ assert }, base) => {
      const values = { MAILEVA_CLIENT_ID: 'c', MAILEVA_CLIENT_SECRET: 's', MAILEVA_API_BASE: base }
      assert.throws(() => mailevaFrom(from(values)), /MAILEVA_API_BASE must be an https/)
    })
})
