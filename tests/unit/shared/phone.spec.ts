import { test } from '@japa/runner'
import { maskedNumber, parseSmsNumber } from '#shared/phone'

test.group('One number that can receive an SMS', () => {
  test('takes {$self}')
    .with([
      '+33612345678',
      '+33756123456',
      '+262692123456',
      '+590690123456',
      '+32470123456',
      '+41791234567',
      '+12015550123',
    ])
    .run(({ assert }, number) => {
      assert.equal(parseSmsNumber(number), number)
    })

  test('refuses {$self}')
    .with([
      '',
      '0612345678',
      '33612345678',
      '0033612345678',
      '+33 6 12 34 56 78',
      '+330612345678',
      '+3361234567',
      '+336123456789',
      '+33123456789',
      '+33899123456',
      '+33801123456',
      '+33612345678,+33756123456',
      '+33612345678;ext=1',
      '+33612345678 ',
      ' +33612345678',
      '+33612345678\n',
      'tel:+33612345678',
      '+٣٣٦١٢٣٤٥٦٧٨',
      '+999612345678',
      '+0612345678',
      '36111',
      'camille@exemple.fr',
    ])
    .run(({ assert }, text) => {
      assert.isNull(parseSmsNumber(text))
    })
})

test.group('A number shown in part', () => {
  test('{number} is shown as {shown}')
    .with([
      { number: '+33612345678', shown: '06 •• •• •• 78' },
      { number: '+32470123456', shown: '04•• •• •• 56' },
      { number: '06', shown: '06' },
    ])
    .run(({ assert }, { number, shown }) => {
      assert.equal(maskedNumber(number), shown)
    })
})
