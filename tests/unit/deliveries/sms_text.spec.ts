import { test } from '@japa/runner'
import { inPlainSigns, smsLength } from '#deliveries/sms_text'

const a = (count: number) => 'a'.repeat(count)
const HEART = '\u{1f49a}'

test.group('How an SMS is counted', () => {
  test('{name}: {segments} SMS in {encoding}')
    .with([
      { name: 'nothing', text: '', encoding: 'gsm', segments: 1 },
      { name: 'one full', text: a(160), encoding: 'gsm', segments: 1 },
      { name: 'one more than full', text: a(161), encoding: 'gsm', segments: 2 },
      { name: 'two full', text: a(306), encoding: 'gsm', segments: 2 },
      { name: 'one more than two', text: a(307), encoding: 'gsm', segments: 3 },
      { name: 'three full', text: a(459), encoding: 'gsm', segments: 3 },
      { name: 'one more than three', text: a(460), encoding: 'gsm', segments: 4 },
      { name: 'accents of the alphabet', text: 'é'.repeat(160), encoding: 'gsm', segments: 1 },
      { name: 'an extension counts two', text: `${a(158)}€`, encoding: 'gsm', segments: 1 },
      { name: 'an extension too many', text: `${a(159)}€`, encoding: 'gsm', segments: 2 },
      { name: 'only extensions', text: '['.repeat(80), encoding: 'gsm', segments: 1 },
      { name: 'an extension is not cut in two', text: `${a(152)}€${a(152)}`, encoding: 'gsm', segments: 3 },
      { name: 'an extension that fits exactly', text: `${a(151)}€${a(153)}`, encoding: 'gsm', segments: 2 },
      { name: 'a circumflex', text: `${a(69)}ê`, encoding: 'ucs2', segments: 1 },
      { name: 'a circumflex too far', text: `${a(70)}ê`, encoding: 'ucs2', segments: 2 },
      { name: 'a curved apostrophe', text: 'l’', encoding: 'ucs2', segments: 1 },
      { name: 'a no-break space', text: '1\u00a0h', encoding: 'ucs2', segments: 1 },
      { name: 'a small c cedilla', text: 'reçu', encoding: 'ucs2', segments: 1 },
      { name: 'a capital one', text: 'REÇU', encoding: 'gsm', segments: 1 },
      { name: 'two full in UCS-2', text: 'ê'.repeat(134), encoding: 'ucs2', segments: 2 },
      { name: 'one more than two in UCS-2', text: 'ê'.repeat(135), encoding: 'ucs2', segments: 3 },
      { name: 'a pair counts two', text: HEART.repeat(35), encoding: 'ucs2', segments: 1 },
      { name: 'a pair too many', text: HEART.repeat(36), encoding: 'ucs2', segments: 2 },
      { name: 'a pair is not cut in two', text: HEART.repeat(67), encoding: 'ucs2', segments: 3 },
      { name: 'an extension is nothing special in UCS-2', text: `${a(68)}€ê`, encoding: 'ucs2', segments: 1 },
    ] as const)
    .run(({ assert }, { text, encoding, segments }) => {
      assert.deepEqual(smsLength(text), { encoding, segments })
    })

  test('in plain signs a French text keeps its letters and takes the short alphabet', ({ assert }) => {
    const plain = inPlainSigns(
      'Reçu\u00a0: l’envoi «\u00a0À bientôt\u00a0» du cœur, même où ça gêne… 5\u00a0€'
    )
    assert.equal(plain, 'Recu : l\'envoi " A bientot " du coeur, meme où ca gene... 5 €')
    assert.equal(smsLength(plain).encoding, 'gsm')
  })

  test('what no French sign stands for is left as it is', ({ assert }) => {
    assert.equal(inPlainSigns(HEART), HEART)
  })
})
