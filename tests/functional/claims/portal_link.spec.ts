import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { findLink, findOpenLink, mintLink, mintLinks, revokeLinks } from '#claims/portal_link'
import { givenClaim } from '#tests/fixtures/domain'

const mint = (claimId: number) => transaction((trx) => mintLink(trx, claimId, 'letter'))

test.group('Portal links', () => {
  test('a link opens its own file and no other', async ({ assert }) => {
    const [own, other] = [await givenClaim(), await givenClaim()]
    const { token, url } = await mint(own.id)
    const theirs = await mint(other.id)

    assert.match(token, /^[A-Za-z0-9_-]{43}$/)
    assert.isTrue(url.endsWith(`/p/${token}`))
    const link = await findLink(token)
    const theirLink = await findLink(theirs.token)
    assert.equal(link?.claimId, own.id)
    assert.equal(theirLink?.claimId, other.id)
    assert.isNull(await findOpenLink(link!.id, other.id))
  })

  test('bar 21: the database keeps only the SHA-256 of a token', async ({ assert }) => {
    const claim = await givenClaim()
    const { token } = await mint(claim.id)
    const rows = JSON.stringify(await db.from('portal_links').where('claim_id', claim.id))
    assert.notInclude(rows, token)
    assert.include(rows, 'token_sha256')
  })

  test('unknown, malformed, expired and revoked tokens are the same nothing', async ({ assert }) => {
    const claim = await givenClaim()
    const { token } = await mint(claim.id)

    assert.isNull(await findLink('A'.repeat(43)))
    for (const malformed of ['', token.slice(1), `${token}A`, `${token.slice(1)}%`, `${token}\n`]) {
      assert.isNull(await findLink(malformed))
    }
    assert.isNotNull(await findLink(token))
    assert.isNull(await findLink(token, instantOn('2099-01-01')))

    await transaction((trx) => revokeLinks(trx, claim.id))
    assert.isNull(await findLink(token))
  })

  test('expiry is compared at the clock, so that a simulated day obeys it', async ({ assert }) => {
    const claim = await givenClaim()
    const { token } = await clock.at(instantOn('2026-01-15', 9), () => mint(claim.id))
    assert.isNotNull(await clock.at(instantOn('2027-01-15', 8), () => findLink(token)))
    assert.isNull(await clock.at(instantOn('2027-01-15', 9), () => findLink(token)))
  })

  test('many links are minted at once, one for each file', async ({ assert }) => {
    const claims = [await givenClaim(), await givenClaim(), await givenClaim()]
    const minted = await transaction((trx) =>
      mintLinks(
        trx,
        claims.map((claim) => claim.id),
        'letter'
      )
    )
    for (const claim of claims) {
      const link = await findLink(minted.get(claim.id)!.token)
      assert.equal(link?.claimId, claim.id)
    }
  })
})
