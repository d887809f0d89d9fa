import { test } from '@japa/runner'
import { settingsFrom } from '#config/mail'
import { senderFrom, senderOf } from '#deliveries/sender'

test.group('Mail settings', () => {
  test('SMTP_URL {0}')
    .with([
      [
        'smtp://mail.fr',
        {
          host: 'mail.fr',
          port: 587,
          secure: false,
          requireTls: false,
          anyCertificate: false,
          credentials: null,
        },
      ],
      [
        'smtps://mail.fr',
        {
          host: 'mail.fr',
          port: 465,
          secure: true,
          requireTls: false,
          anyCertificate: false,
          credentials: null,
        },
      ],
      [
        'smtp://u%40x:p%2F%3A@mail.fr:2525',
        {
          host: 'mail.fr',
          port: 2525,
          secure: false,
          requireTls: true,
          anyCertificate: false,
          credentials: { user: 'u@x', pass: 'p/:' },
        },
      ],
      [
        'smtp://u:p@127.0.0.1:1025',
        {
          host: '127.0.0.1',
          port: 1025,
          secure: false,
          requireTls: false,
          anyCertificate: true,
          credentials: { user: 'u', pass: 'p' },
        },
      ],
      [
        'smtp://[::1]:25',
        {
          host: '::1',
          port: 25,
          secure: false,
          requireTls: false,
          anyCertificate: true,
          credentials: null,
        },
      ],
    ] as const)
    .run(({ assert }, [url, settings]) => {
      assert.deepEqual(settingsFrom(url), settings)
    })

  test('without SMTP_URL nothing is set', ({ assert }) => {
    assert.isNull(settingsFrom(undefined))
    assert.isNull(settingsFrom(''))
  })

  test('an SMTP_URL that cannot be read is refused with how to write it, and is not repeated: {$self}')
    .with(['mail.fr:587', 'http://mail.fr', 'smtp://', 'smtp://u:100%25%sure@mail.fr'])
    .run(({ assert }, url) => {
      assert.throws(() => settingsFrom(url), /^SMTP_URL is not like smtp:\/\/user:password@host:587 /)
    })

  test('answers go to the agency, whoever the emails come from')
    .with([
      ['no-reply@x.fr', { name: 'Cabinet', address: 'no-reply@x.fr', replyTo: 'contact@cabinet.fr' }],
      ['Relances <contact@cabinet.fr>', { name: 'Relances', address: 'contact@cabinet.fr', replyTo: null }],
      [null, { name: 'Cabinet', address: 'contact@cabinet.fr', replyTo: null }],
    ] as const)
    .run(({ assert }, [from, sender]) => {
      assert.deepEqual(senderOf({ name: 'Cabinet', email: 'contact@cabinet.fr' }, from), sender)
    })

  test('MAIL_FROM {0}')
    .with([
      ['contact@x.fr', { name: '', address: 'contact@x.fr' }],
      ['Cabinet <contact@x.fr>', { name: 'Cabinet', address: 'contact@x.fr' }],
      ['"Cabinet, SAS" <contact@x.fr>', { name: 'Cabinet, SAS', address: 'contact@x.fr' }],
    ] as const)
    .run(({ assert }, [text, sender]) => {
      assert.deepEqual(senderFrom(text), sender)
    })
})
