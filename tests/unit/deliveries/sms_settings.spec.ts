import { test } from '@japa/runner'
import { smsFrom } from '#config/sms'

const from = (values: Record<string, string>) => (name: string) => values[name]

const OVH = {
  SMS_DRIVER: 'ovh',
  OVH_APP_KEY: 'ak',
  OVH_APP_SECRET: 'as',
  OVH_CONSUMER_KEY: 'ck',
  OVH_SMS_SERVICE: 'sms-ab1234-1',
}
const BREVO = { SMS_DRIVER: 'brevo', BREVO_API_KEY: 'k', SMS_SENDER: 'Amiable' }

test.group('Settings of SMS', () => {
  test('no driver is no SMS, whatever else is set')
    .with([{}, { SMS_DRIVER: 'none' }, { ...OVH, SMS_DRIVER: 'none' }, { BREVO_API_KEY: 'k' }])
    .run(({ assert }, values) => {
      assert.deepEqual(smsFrom(from(values as Record<string, string>)), { settings: null, missing: [] })
    })

  test('the documented addresses are the default, and OVH needs no sender', ({ assert }) => {
    assert.deepEqual(smsFrom(from(OVH)).settings, {
      driver: 'ovh',
      apiBase: 'https://eu.api.ovh.com/1.0',
      appKey: 'ak',
      appSecret: 'as',
      consumerKey: 'ck',
      service: 'sms-ab1234-1',
      sender: null,
    })
    assert.deepEqual(smsFrom(from(BREVO)).settings, {
      driver: 'brevo',
      apiBase: 'https://api.brevo.com/v3',
      apiKey: 'k',
      sender: 'Amiable',
    })
  })

  test('what a driver lacks is named, and nothing leaves: {missing}')
    .with([
      {
        values: { ...OVH, OVH_APP_SECRET: '', OVH_SMS_SERVICE: '' },
        missing: ['OVH_APP_SECRET', 'OVH_SMS_SERVICE'],
      },
      { values: { ...BREVO, SMS_SENDER: '' }, missing: ['SMS_SENDER'] },
      { values: { SMS_DRIVER: 'brevo' }, missing: ['BREVO_API_KEY', 'SMS_SENDER'] },
    ])
    .run(({ assert }, { values, missing }) => {
      assert.deepEqual(smsFrom(from(values)), { settings: null, missing })
    })

  test('a sender that operators do not take is refused at start, with how to write it: {$self}')
    .with(['ab', 'abcdefghijkl', '36111', 'Mon agence', 'Société', 'A-B-C', '+33612345678', 'abc\n'])
    .run(({ assert }, sender) => {
      assert.throws(
        () => smsFrom(from({ SMS_SENDER: sender })),
        /^SMS_SENDER must be 3 to 11 letters and digits/
      )
    })

  test('a sender that operators take is taken: {$self}')
    .with(['abc', 'Amiable', '3Suisses', 'abcdefghijk'])
    .run(({ assert }, sender) => {
      assert.equal(smsFrom(from({ ...OVH, SMS_SENDER: sender })).settings?.sender, sender)
    })

  test('keys and messages never travel in clear text to another machine', ({ assert }) => {
    assert.throws(() => smsFrom(from({ ...OVH, OVH_API_BASE: 'http://ovh.example/1.0' })), /^OVH_API_BASE/)
    assert.throws(() => smsFrom(from({ ...BREVO, BREVO_API_BASE: 'ftp://x' })), /^BREVO_API_BASE/)
    assert.equal(
      smsFrom(from({ ...BREVO, BREVO_API_BASE: 'http://127.0.0.1:9/v3/' })).settings?.apiBase,
      'http://127.0.0.1:9/v3'
    )
  })
})
