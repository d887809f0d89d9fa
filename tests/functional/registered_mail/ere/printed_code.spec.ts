import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { readStoredFile } from '#shared/files'
import { RenderLetters } from '#letters/actions/render_letters'
import { LETTER_CODE_TRIES } from '#letters/letter_codes'
import { closePrinter } from '#letters/rendering/printer'
import Mailing from '#registered_mail/models/mailing'
import { givenClaim, givenUser } from '#tests/fixtures/domain'
import { chainOf, codeOf, eventsOf, givenNotified, givenPosted } from '#tests/fixtures/ere'
import { aQueuedLetter, inspectPdf } from '#tests/fixtures/letters'
import { forgetLimits } from '#tests/fixtures/limits'
import { Recipient, received } from '#tests/fixtures/recipient'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const CODE = '48219036'
const WRONG = '11111111'

const offers = async (recipient: Recipient) => (await recipient.page()).text.includes('J’ai une lettre')

const typed = (recipient: Recipient, code: string) => recipient.act('identity', { from: 'letter', code })

test.group('ERE, identified by the code of an earlier letter', (group) => {
  group.each.setup(() => forgetLimits())
  group.teardown(() => closePrinter())

  test('the code that the PDF of a posted letter bears identifies who types it, and the log says which letter', async ({
    assert,
  }) => {
    const { ere, claim, token } = await givenNotified()
    const letter = await aQueuedLetter(claim, { ref: `${claim.ref}-L9` })
    await new RenderLetters().handle({ letterIds: [letter.id] })
    await letter.refresh()
    const { text } = await inspectPdf(await readStoredFile(letter.fileSha256!))
    const code = /· votre code (\d{4} \d{4})/.exec(text)![1]!
    assert.notInclude(JSON.stringify(await db.from('letter_codes')), code.replace(' ', ''))

    const recipient = new Recipient()
    await recipient.open(token)
    assert.isFalse(await offers(recipient), 'it is not posted yet')
    await letter.dispatch({ registeredNumber: null, by: await givenUser('collector', { password: null }) })
    const { text: page } = await recipient.page()
    assert.include(page, letter.ref)
    await typed(recipient, code)
    assert.include((await recipient.page()).text, 'Acceptez-vous cet envoi')
    const [verified] = await eventsOf(ere, 'identity.verified')
    assert.equal(verified!.data.channel, 'letter')
    assert.equal(verified!.data.address, letter.ref)
    assert.match(verified!.data.contactSource!, /^lettre simple, partie le \d\d\/\d\d\/\d{4}$/)
    assert.equal(verified!.actor.kind, 'recipient')
  }).skip(...WITHOUT_PDF_READERS)

  test('the whole journey without a message: the acknowledgement and the page say by which letter', async ({
    assert,
  }) => {
    const { ere, claim, token } = await givenNotified()
    const letter = await givenPosted(claim, CODE)
    const recipient = new Recipient()
    await recipient.open(token)
    await typed(recipient, CODE)
    await recipient.act('acceptance')
    await recipient.get('/ere/letter.pdf')
    await received(ere)
    await recipient.act('signature', { how: 'typed', name: 'Hélène Brume', agree: 'on' })
    assert.equal((await ere.refresh()).state, 'signed')
    assert.notInclude(
      (await chainOf(ere)).map(({ type }) => type),
      'identity.code_sent'
    )
    assert.include((await recipient.page()).text, `code imprimé sur notre lettre ${letter.ref}`)
    const later = new Recipient()
    await later.open(token)
    await later.identify(ere)
    assert.include((await later.page()).text, `code imprimé sur notre lettre ${letter.ref}`)
    if (WITHOUT_PDF_READERS[0]) return
    const { text } = await inspectPdf(await readStoredFile(ere.acknowledgementSha256!))
    assert.include(text.replace(/\s+/g, ' '), `un code imprimé sur la lettre ${letter.ref}`)
  })

  test('it works once, for one sending; then a message is asked for', async ({ assert }) => {
    const { ere, claim, token } = await givenNotified()
    await givenPosted(claim, CODE)
    const [one, other] = [new Recipient(), new Recipient()]
    await Promise.all([one.open(token), other.open(token)])
    const answers = await Promise.all([typed(one, CODE), typed(other, CODE)])
    assert.sameMembers(
      answers.map(({ status }) => status),
      [303, 422]
    )
    assert.lengthOf(await eventsOf(ere, 'identity.verified'), 1)
    const later = new Recipient()
    await later.open(token)
    assert.isFalse(await offers(later))
    assert.include((await typed(later, CODE)).text, 'ne peut plus servir')
    await later.act('code')
    assert.equal((await later.act('identity', { code: await codeOf(ere) })).status, 303)
  })

  test('ten wrong tries end the codes of every letter tried, and no other', async ({ assert }) => {
    const { ere, claim, token } = await givenNotified()
    await givenPosted(claim, CODE)
    await givenPosted(claim, '70000007')
    const elsewhere = await givenPosted(await givenClaim(), CODE)
    const recipient = new Recipient()
    await recipient.open(token)
    for (let turn = 0; turn < LETTER_CODE_TRIES; turn++) {
      const reply = await typed(recipient, WRONG)
      assert.equal(reply.status, 422)
      assert.include(reply.text, 'Ce n’est pas ce code')
    }
    for (const code of [CODE, '70000007'])
      assert.include((await typed(recipient, code)).text, 'ne peut plus servir')
    const failed = await eventsOf(ere, 'identity.failed')
    assert.lengthOf(failed, LETTER_CODE_TRIES)
    assert.deepEqual(failed.at(-1)!.data.attempts, LETTER_CODE_TRIES)
    const { attempts } = await db.from('letter_codes').where('letter_id', elsewhere.id).firstOrFail()
    assert.equal(attempts, 0)
    assert.equal((await ere.refresh()).state, 'notified')
  })

  test('no code of a letter that came back, nor of somebody else’s, nor of another shape', async ({
    assert,
  }) => {
    const { claim, ere, token } = await givenNotified()
    const letter = await givenPosted(claim, CODE)
    const stranger = await givenNotified()
    const recipient = new Recipient()
    await recipient.open(stranger.token)
    assert.isFalse(await offers(recipient))
    assert.equal((await typed(recipient, CODE)).status, 422)

    const owner = new Recipient()
    await owner.open(token)
    assert.isTrue(await offers(owner))
    for (const code of ['', '123456', '4821903', '482190366', 'abcdefgh'])
      assert.include((await typed(owner, code)).text, 'huit chiffres', code)
    assert.include((await owner.act('identity', { code: CODE })).text, 'six chiffres')
    for (const state of ['undeliverable', 'unclaimed', 'refused'] as const) {
      await Mailing.query().where('letterId', letter.id).update({ state, endedOn: '2026-11-20' })
      assert.isFalse(await offers(owner), state)
      assert.include((await typed(owner, CODE)).text, 'ne peut plus servir')
    }
    assert.lengthOf(await eventsOf(ere, 'identity.failed'), 0)
  })
})
