import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOf } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import { deliverDue } from '#deliveries/deliver_due'
import Delivery from '#deliveries/models/delivery'
import Ere from '#registered_mail/ere/models/ere'
import EreCode from '#registered_mail/ere/models/ere_code'
import EreLink from '#registered_mail/ere/models/ere_link'
import { revokeEreLinks } from '#registered_mail/ere/links'
import { forgetLimits } from '#tests/fixtures/limits'
import {
  chainOf,
  codeOf,
  contactTime,
  eventsOf,
  givenEre,
  givenNotified,
  linkOf,
  typesOf,
} from '#tests/fixtures/ere'
import { PIXEL, identified, received, Recipient } from '#tests/fixtures/recipient'
import { DateTime } from 'luxon'

test.group('ERE, for its recipient', (group) => {
  group.each.setup(() => forgetLimits())

  test('notice, code, accept, read, sign by finger, copies: the whole journey is in the chain', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const { ere, letter, token, email } = given
    const recipient = new Recipient()
    const first = await recipient.open(token)
    assert.include(first.text, 'Un envoi électronique vous attend')
    assert.include(first.text, letter.ref)
    await recipient.act('code')
    assert.include((await recipient.page()).text, 'Votre code à 6 chiffres')
    await recipient.act('identity', { code: await codeOf(ere) })
    assert.include((await recipient.page()).text, 'Acceptez-vous cet envoi')
    await recipient.act('acceptance')
    assert.equal((await ere.refresh()).state, 'accepted')

    const early = await recipient.act('signature', { how: 'typed', name: 'Hélène Brume', agree: 'on' })
    assert.equal(early.status, 422)
    assert.include(early.text, 'Ouvrez d’abord la lettre')

    const pdf = await recipient.get('/ere/letter.pdf')
    assert.equal(pdf.headers.get('content-type'), 'application/pdf')
    await received(ere)
    const signed = await recipient.act('signature', {
      how: 'drawn',
      name: 'Hélène Brume',
      image: PIXEL,
      agree: 'on',
    })
    assert.equal(signed.status, 303)
    await ere.refresh()
    assert.equal(ere.state, 'signed')
    assert.isNotNull(ere.acknowledgementSha256)
    assert.include((await recipient.page()).text, 'Votre accusé de réception est signé')
    const paper = await recipient.get('/ere/acknowledgement.pdf')
    assert.equal(paper.headers.get('content-type'), 'application/pdf')

    assert.deepEqual(await typesOf(ere), [
      'letter.deposited',
      'notification.sent',
      'page.fetched',
      'identity.code_sent',
      'identity.verified',
      'letter.accepted',
      'content.handed_over',
      'letter.signed',
    ])
    const [accepted] = await eventsOf(ere, 'letter.accepted')
    assert.equal(accepted!.data.statementSha256, sha256(accepted!.data.statement))
    assert.equal(accepted!.actor.kind, 'recipient')
    assert.isString(accepted!.actor.ip)
    const chain = await db.from('evidence_chains').where('letter_id', letter.id).firstOrFail()
    const [handed] = await eventsOf(ere, 'content.handed_over')
    assert.equal(handed!.data.sha256, chain.content_sha256)
    const [proof] = await eventsOf(ere, 'letter.signed')
    assert.equal(proof!.data.documentSha256, chain.content_sha256)
    assert.equal(proof!.data.imageSha256, ere.signatureSha256!)
    assert.equal(proof!.data.method, 'drawn')

    await deliverDue(contactTime())
    const copies = await Delivery.query().whereLike('key', `ere:${ere.id}:signed:%`).where('state', 'sent')
    assert.sameMembers(
      copies.map(({ recipient: to }) => to),
      [email, 'compta@studio-rivage.example', 'contact@amiable.example']
    )
  })

  test('bars 21 and 23: opening the link ten times, by GET and HEAD, changes no state', async ({
    assert,
  }) => {
    const { ere, token } = await givenNotified()
    const before = await Ere.findOrFail(ere.id)
    for (let turn = 0; turn < 10; turn++) {
      const visitor = new Recipient()
      await visitor.open(token)
      await visitor.send('HEAD', `/ere/${token}`)
      await visitor.send('HEAD', '/ere')
      await visitor.get('/ere/letter.pdf')
      await visitor.get('/ere/acknowledgement.pdf')
    }
    assert.deepEqual((await Ere.findOrFail(ere.id)).serialize(), before.serialize())
    const types = await typesOf(ere)
    assert.deepEqual(types, ['letter.deposited', 'notification.sent', 'page.fetched'])
  })

  test('bar 21: the link is 32 random bytes of which the hash alone is kept; what opens nothing answers the same', async ({
    assert,
  }) => {
    const { ere, token } = await givenNotified()
    const stored = JSON.stringify(await db.from('ere_links').where('ere_id', ere.id))
    assert.notInclude(stored, token)
    assert.include(stored, sha256(token))
    const [expired, revoked] = [await givenNotified(), await givenNotified()]
    await EreLink.query().where('ereId', expired.ere.id).update({ expiresAt: clock.now() })
    await transaction((trx) => revokeEreLinks(trx, revoked.ere.id))
    const answers = new Set<string>()
    for (const one of ['A'.repeat(43), 'short', expired.token, revoked.token]) {
      const reply = await new Recipient().get(`/ere/${one}`)
      answers.add(`${reply.status} ${reply.text.replace(/value='[^']*'|value="[^"]*"|href="\?[^"]*"/g, '')}`)
    }
    assert.equal(answers.size, 1)
    assert.match([...answers][0]!, /^404 /)
  })

  test('rule 47: every page says that it is no qualified registered letter, and never LRAR', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const recipient = new Recipient()
    const pages = [(await recipient.open(given.token)).text]
    await recipient.act('code')
    pages.push((await recipient.page()).text)
    await recipient.act('identity', { code: await codeOf(given.ere) })
    pages.push((await recipient.page()).text)
    await recipient.act('acceptance')
    pages.push((await recipient.page()).text)
    await recipient.get('/ere/letter.pdf')
    await received(given.ere)
    await recipient.act('signature', { how: 'typed', name: 'Hélène Brume', agree: 'on' })
    pages.push((await recipient.page()).text)
    for (const text of pages) {
      assert.include(
        text.replaceAll('\u00a0', ' '),
        'n’est pas une lettre recommandée électronique qualifiée (art. L.100 CPCE)'
      )
      assert.notMatch(text, /LRAR|LRE\b/)
    }
  })

  test('before acceptance nothing names the debt, its sum or the creditor, and the letter is not served', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    const { text } = await recipient.page()
    for (const secret of ['STUDIO RIVAGE', '€', 'Recouvrement'])
      assert.notInclude(text.split('<footer')[0]!, secret)
    const pdf = await recipient.get('/ere/letter.pdf')
    assert.equal(pdf.status, 303)
    assert.notInclude(await typesOf(given.ere), 'content.handed_over')
  })

  test('a code works once, shortly, and five times at most; only an HMAC of it is kept', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const { ere } = given
    const recipient = new Recipient()
    await recipient.open(given.token)
    await recipient.act('code')
    const code = await codeOf(ere)
    assert.notInclude(JSON.stringify(await db.from('ere_codes')), code)
    const wrong = code === '000000' ? '111111' : '000000'
    for (let turn = 1; turn <= 5; turn++) {
      const reply = await recipient.act('identity', { code: wrong })
      assert.equal(reply.status, 422)
    }
    assert.include((await recipient.act('identity', { code })).text, 'plus valable')
    assert.equal((await ere.refresh()).state, 'notified')
    assert.lengthOf(await eventsOf(ere, 'identity.failed'), 5)

    await Ere.query().where('id', ere.id).update({ codeAskedAt: null })
    await recipient.act('code')
    await EreCode.query().update({ expiresAt: clock.now() })
    assert.include((await recipient.act('identity', { code: await codeOf(ere) })).text, 'plus valable')

    await Ere.query().where('id', ere.id).update({ codeAskedAt: null })
    await recipient.act('code')
    const last = await codeOf(ere)
    await recipient.act('identity', { code: last })
    assert.equal((await ere.refresh()).state, 'identified')
    const other = new Recipient()
    await other.open(given.token)
    assert.include((await other.act('identity', { code: last })).text, 'plus valable')
  })

  test('codes are asked for five times an hour at most, and two clicks send one', async ({ assert }) => {
    const { ere, token } = await givenNotified()
    const recipient = new Recipient()
    await recipient.open(token)
    await Promise.all([recipient.act('code'), recipient.act('code')])
    const sent = () => Delivery.query().whereLike('key', `ere:${ere.id}:code:%`)
    assert.lengthOf(await sent(), 1)
    for (let turn = 0; turn < 6; turn++) {
      await Ere.query().where('id', ere.id).update({ codeAskedAt: null })
      const reply = await recipient.act('code')
      assert.equal(reply.status, turn < 4 ? 303 : 422)
    }
    assert.lengthOf(await sent(), 5)
  })

  test('accept, refuse and sign by POST after the code only', async ({ assert }) => {
    const { ere, token } = await givenNotified()
    const recipient = new Recipient()
    await recipient.open(token)
    for (const path of ['acceptance', 'refusal', 'signature', 'file']) {
      const reply = await recipient.act(path, {
        statement: 'a'.repeat(64),
        how: 'typed',
        name: 'X Y',
        agree: 'on',
      })
      assert.equal(reply.location, '/ere', path)
    }
    for (const path of ['acceptance', 'refusal', 'code', 'identity', 'signature'])
      assert.equal((await recipient.get(`/ere/${path}`)).status, 404, path)
    assert.equal((await ere.refresh()).state, 'notified')
  })

  test('refusing is an end, told to the sender, and stays distinct from unclaimed', async ({ assert }) => {
    const given = await givenNotified()
    const { ere } = given
    const recipient = await identified(given)
    await recipient.act('refusal', { reason: 'Je ne dois rien' })
    assert.equal((await ere.refresh()).state, 'refused')
    const [refused] = await eventsOf(ere, 'letter.refused')
    assert.equal(refused!.data.reason, 'Je ne dois rien')
    const { text } = await recipient.page()
    assert.include(text, 'Vous avez refusé cet envoi')
    // Rule 50: nothing changes it any more.
    await recipient.send('POST', '/ere/acceptance', { form: { statement: 'a'.repeat(64) } })
    assert.equal((await ere.refresh()).state, 'refused')
    await deliverDue(contactTime())
    const told = await Delivery.query().whereLike('key', `ere:${ere.id}:refused:%`).where('state', 'sent')
    assert.lengthOf(told, 3)
  })

  test('two clicks on accept are one act', async ({ assert }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    await Promise.all([recipient.act('acceptance'), recipient.act('acceptance'), recipient.act('refusal')])
    const answers = (await typesOf(given.ere)).filter((type) => /accepted|refused/.test(type))
    assert.lengthOf(answers, 1)
  })

  test('what is kept is the sentence that was on the page, in its language', async ({ assert }) => {
    const given = await givenNotified({ debtor: { locale: 'en' } })
    const recipient = await identified(given)
    const changed = await recipient.act('acceptance', { statement: 'b'.repeat(64) })
    assert.equal(changed.status, 422)
    assert.equal((await given.ere.refresh()).state, 'identified')
    await recipient.act('acceptance')
    const [accepted] = await eventsOf(given.ere, 'letter.accepted')
    assert.match(accepted!.data.statement, /^I accept to receive/)
  })

  test('an answer after the last instant is too late, whether or not the tick has passed', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    const past = instantOf(DateTime.utc().minus({ minutes: 1 }))
    await Ere.query().where('id', given.ere.id).update({ notifiedAt: past, deadlineAt: past })
    assert.include((await recipient.page()).text, 'n’est plus disponible')
    assert.equal((await given.ere.refresh()).state, 'identified', 'reading ends nothing')
    const csrf = /name='_csrf' value='([^']+)'/.exec((await recipient.get('/sign-in')).text)?.[1] ?? ''
    await recipient.send('POST', '/ere/acceptance', { form: { _csrf: csrf, statement: 'a'.repeat(64) } })
    assert.equal((await given.ere.refresh()).state, 'expired')
    assert.notInclude(await typesOf(given.ere), 'letter.accepted')
  })

  test('rules 53 and 54: a signature lacks neither name nor confirmation, nor the drawing it claims; never qualified', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    await recipient.act('acceptance')
    await recipient.get('/ere/letter.pdf')
    await received(given.ere)
    const good = { how: 'drawn', name: 'Hélène Brume', image: PIXEL, agree: 'on' }
    for (const bad of [
      { ...good, name: '' },
      { ...good, agree: '' },
      { ...good, image: '' },
      { ...good, image: `data:image/png;base64,${Buffer.from('<svg>').toString('base64')}` },
      { ...good, statement: 'c'.repeat(64) },
    ]) {
      assert.equal((await recipient.act('signature', bad)).status, 422, JSON.stringify(bad).slice(0, 80))
    }
    assert.notInclude(await typesOf(given.ere), 'letter.signed')
    await recipient.act('signature', good)
    const { text } = await recipient.page()
    assert.notMatch(text.replace(/n’est pas une lettre recommandée électronique qualifiée/g, ''), /qualifié/)
  })

  test('a page said to be shown is noted once, of those the letter has, and only for who may read it', async ({
    assert,
  }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    await recipient.act('views', { page: '1' })
    assert.notInclude(await typesOf(given.ere), 'content.viewed')
    await recipient.act('acceptance')
    for (const page of ['1', '1', '2', '0', '-1', '1.5', 'x', '']) await recipient.act('views', { page })
    const other = new Recipient()
    await other.open(given.token)
    await other.act('views', { page: '1' })
    const viewed = await eventsOf(given.ere, 'content.viewed')
    assert.deepEqual(
      viewed.map(({ data }) => data.pages),
      [[1]]
    )
    assert.equal((await given.ere.refresh()).state, 'accepted', 'shown is no hand-over')
  })

  test('a new session shows the letter again only after a new code', async ({ assert }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    await recipient.act('acceptance')
    const other = new Recipient()
    assert.include((await other.open(given.token)).text, 'Un envoi électronique vous attend')
    assert.equal((await other.get('/ere/letter.pdf')).status, 303)
  })

  test('D19: from an accepted letter, the file opens: documents and payment', async ({ assert }) => {
    const given = await givenNotified()
    const recipient = await identified(given)
    await recipient.act('acceptance')
    const reply = await recipient.act('file')
    assert.equal(reply.location, '/p')
    const page = await recipient.get('/p')
    assert.equal(page.status, 200)
    assert.include(page.text, `/p/letters/${given.letter.ref}`)
  })

  test('an ERE that was not accepted is not shown on the debtor’s own page either', async ({
    assert,
    client,
  }) => {
    const { letter, claim } = await givenNotified({
      claim: { firstLetterRef: 'X-L1', firstLetterOn: '2026-09-16' },
    })
    const { givenLink, as } = await import('#tests/fixtures/portal')
    const { link } = await givenLink(claim)
    const page = await as(client.get('/p'), link)
    page.assertStatus(200)
    assert.notInclude(page.text(), letter.ref)
    ;(await as(client.get(`/p/letters/${letter.ref}`), link)).assertStatus(404)
  })

  test('the notice tells references and the head of the log, and nothing of the debt', async ({ assert }) => {
    const given = await givenEre()
    const head = (await chainOf(given.ere)).length
    await deliverDue(contactTime())
    const delivery = await Delivery.query().where('recipe', 'ere.notice').preload('message').firstOrFail()
    const { openCopy } = await import('#deliveries/kept_copy')
    const raw = await openCopy(delivery.message.contentEncrypted, 'email')
    const { default: PostalMime } = await import('postal-mime')
    const { text, html, subject } = await PostalMime.parse(raw)
    const chain = await db
      .from('evidence_events')
      .where('letter_id', given.letter.id)
      .where('seq', head)
      .firstOrFail()
    for (const part of [text!, html!]) {
      assert.include(part, chain.hash)
      assert.include(part, given.letter.ref)
      assert.include(
        part.replaceAll('\u00a0', ' ').replace(/\s+/g, ' '),
        'n’est pas une lettre recommandée électronique qualifiée'
      )
      for (const secret of ['STUDIO RIVAGE', '€', 'facture', given.claim.ref + ' '])
        assert.notInclude(part, secret)
    }
    assert.notMatch(subject!, /\d[\s\u00a0]*€/)
    const [sent] = await eventsOf(given.ere, 'notification.sent')
    assert.equal(sent!.data.messageSha256, sha256(raw))
    assert.equal(sent!.data.messageId, delivery.messageId)
    await linkOf(given.ere)
  })
})
