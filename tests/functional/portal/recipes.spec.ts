import { test } from '@japa/runner'
import RaiseDispute from '#claims/actions/raise_dispute'
import ResolveDispute from '#claims/actions/resolve_dispute'
import Dispute from '#claims/models/dispute'
import { findLink } from '#claims/portal_link'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import { clock } from '#shared/clock'
import AskPerson from '#portal/actions/ask_person'
import ContestClaim from '#portal/actions/contest_claim'
import type Claim from '#claims/models/claim'
import { givenPortal } from '#tests/fixtures/portal'
import { givenUser } from '#tests/fixtures/domain'

async function composed(recipe: string, claim: Claim): Promise<EmailContent> {
  const delivery = await Delivery.query().where('recipe', recipe).where('claimId', claim.id).firstOrFail()
  return (await recipeNamed(recipe)!.compose(delivery, clock.now())) as EmailContent
}

async function contested(email: string | null = null) {
  const { claim } = await givenPortal()
  await claim.load('creditor')
  await claim.load('debtor', (debtor) => debtor.preload('contactPoints'))
  await new ContestClaim().handle({
    claim,
    reason: 'wrong_amount',
    message: 'Le montant est faux.',
    invoiceIds: [],
    evidence: [],
    email,
    locale: 'fr',
  })
  return claim
}

test.group('Emails of the portal', () => {
  test('the copy holds a link of its own, minted when it leaves, and no amount', async ({ assert }) => {
    const claim = await contested()
    const { subject, text } = await composed('portal.confirmation', claim)
    assert.equal(subject, `Votre dossier ${claim.ref}`)
    assert.notMatch(text, /€/)
    const [, token] = /\/p\/([\w-]{43})/.exec(text)!
    const link = await findLink(token!)
    assert.equal(link!.claimId, claim.id)
    assert.equal(link!.origin, 'email')
  })

  test('rule 14: the copy to an address given on the page has no link, no name and no creditor', async ({
    assert,
  }) => {
    const claim = await contested('ailleurs@exemple.fr')
    const { text, html } = await composed('portal.confirmation', claim)
    for (const part of [text, html]) assert.notMatch(part, /\/p\/|RIVAGE|Brume|BRUME/)
    assert.include(text, 'AM-2026-0417-L1')
  })

  test('R124-5: the creditor reads who contests, why, and by when we answer', async ({ assert }) => {
    const claim = await contested()
    const { text } = await composed('portal.creditor_notice', claim)
    assert.include(text, 'ATELIER BRUME')
    assert.include(text, 'Le montant n’est pas juste')
    assert.notMatch(text, /\/p\//, 'the debtor’s link is for the debtor')
  })

  test('R124-5: the creditor reads the date the debtor proposes', async ({ assert }) => {
    const { claim } = await givenPortal()
    await claim.load('creditor')
    await claim.load('debtor', (debtor) => debtor.preload('contactPoints'))
    const request = { kind: 'time', wantedOn: '2026-12-15', message: null } as const
    await new AskPerson().handle({ claim, request, email: null, locale: 'en' })
    const notice = await composed('portal.creditor_notice', claim)
    assert.include(notice.text, '15/12/2026')
    const copy = await composed('portal.confirmation', claim)
    assert.include(copy.text, '15 December 2026')
  })

  test('an answer to a debtor’s dispute is announced once, and waits on their page', async ({ assert }) => {
    const claim = await contested()
    const dispute = await Dispute.findByOrFail('claimId', claim.id)
    const user = await givenUser()
    await new ResolveDispute().handle({
      dispute,
      outcome: 'rejected',
      answer: 'Le bon de commande est signé.',
      userId: user.id,
    })
    const { text } = await composed('portal.dispute_answer', claim)
    assert.match(text, /\/p\/[\w-]{43}/)
    assert.notInclude(text, 'bon de commande', 'the words themselves stay behind the link')
  })

  test('an answer with nobody to write to is written on the file, for a person', async ({ assert }) => {
    const { claim } = await givenPortal({ email: null })
    await new RaiseDispute().handle({
      claimId: claim.id,
      reason: 'other',
      message: 'Non.',
      invoiceIds: [],
      evidence: [],
      raisedBy: 'debtor',
    })
    const dispute = await Dispute.findByOrFail('claimId', claim.id)
    const user = await givenUser()
    await new ResolveDispute().handle({ dispute, outcome: 'withdrawn', answer: null, userId: user.id })
    assert.lengthOf(await Delivery.query().where('claimId', claim.id), 0)
    const events = await claim.related('events').query().where('type', 'dispute.answer_no_email')
    assert.lengthOf(events, 1)
  })
})
