import { test } from '@japa/runner'
import { simpleParser } from 'mailparser'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { useDriver } from '#deliveries/drivers/registry'
import { smtpDriver } from '#deliveries/drivers/smtp'
import { SmtpSink } from '#tests/fakes/smtp_sink'
import { due, givenCampaign, playDays, storyOf } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenCreditor } from '#tests/fixtures/domain'
import { givenPublishedTemplate } from '#tests/fixtures/templates'

const REMINDED_AT = instantOn('2026-11-28', 10)
const RECALL = 'Notre lettre #first_letter_reference du #first_letter_date.'

test.group('reminders in the agency’s own words', (group) => {
  let sink: SmtpSink

  group.each.setup(async () => {
    await givenAgency()
    sink = await SmtpSink.start()
    useDriver('email', smtpDriver(sink.settings, 2000))
    return async () => {
      useDriver('email', mailboxDriver)
      await sink.stop()
    }
  })

  async function remind(values: Parameters<typeof givenClaim>[0] = {}) {
    const claim = await givenClaim(values)
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-24')
    await due(REMINDED_AT)
    await clock.at(REMINDED_AT, () => deliverDue(REMINDED_AT, { lanes: 1 }))
    const delivery = await db
      .from('deliveries')
      .where({ claim_id: claim.id, recipe: 'campaigns.reminder' })
      .firstOrFail()
    return { claim: await claim.refresh(), delivery }
  }

  test('rule 7: the step’s template writes the email, which recalls the first letter and keeps its version', async ({
    assert,
  }) => {
    const { version } = await givenPublishedTemplate({
      slug: 'reminder_1',
      channel: 'email',
      subject: 'Votre dossier #file_reference',
      body: `<p>#salutation,</p><p>${RECALL}</p><p>#balance_split</p><p><a href="#portal_link">Votre page</a></p>`,
    })
    const { claim, delivery } = await remind()
    assert.equal(delivery.state, 'sent')
    assert.equal(delivery.template_version_id, version.id)
    const mails = await Promise.all(sink.taken.map(({ raw }) => simpleParser(raw)))
    const mail = mails.find(({ subject }) => subject?.startsWith('Votre dossier'))!
    assert.equal(mail.subject, `Votre dossier ${claim.ref}`)
    assert.include(mail.text!, claim.firstLetterRef!)
    for (const part of [mail.text!, mail.html as string]) {
      assert.match(part, /\/p\/[\w-]{43}/)
      assert.notInclude(part, '#first')
    }
  })

  test('without a template of that name the built-in reminder goes', async ({ assert }) => {
    await givenPublishedTemplate({ slug: 'reminder_2', channel: 'email' })
    const { delivery } = await remind()
    assert.equal(delivery.state, 'sent')
    assert.isNull(delivery.template_version_id)
  })

  test('words that ask for what the file lacks do not leave, and the step says so', async ({ assert }) => {
    await givenPublishedTemplate({
      slug: 'reminder_1',
      channel: 'email',
      body: `<p>${RECALL} #creditor_email</p>`,
    })
    const { claim, delivery } = await remind({ creditor: await givenCreditor({ email: null }) })
    assert.equal(delivery.state, 'cancelled')
    assert.equal(delivery.reason, 'message_unwritten')
    assert.include(await storyOf(claim), 'email skipped message_unwritten')
  })
})
