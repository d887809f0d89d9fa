import { test } from '@japa/runner'
import { openedWith, signatureOf } from '#registered_mail/providers/ar24/cipher'
import { oneTimeCode } from '#registered_mail/providers/ar24/one_time_code'

/** The vector of developers.ar24.fr/doc, "Sign your requests". */
const DATE = '2021-05-26 14:00:00'
const PRIVATE_KEY = '7X9gx9E3Qx4EiUdB63nc'

test.group('what AR24 knows us by', () => {
  test('a request is signed as in the example of its documentation', ({ assert }) => {
    assert.equal(signatureOf(DATE, PRIVATE_KEY), 'bDop0cbjKpkySlpvnNGvBMg7PuYFFgPPqTTS2RAHoY0=')
  })

  test('an answer opens with the key and the date of its request, and with no others', ({ assert }) => {
    const answer = 'WwBOU6s8DaMWmYdctBJwfuoujFgVygBUjhsbdf8eWqQ='
    assert.equal(openedWith(answer, DATE, PRIVATE_KEY), '{status: "SUCCESS"}')
    assert.isNull(openedWith(answer, '2021-05-26 14:00:01', PRIVATE_KEY))
    assert.isNull(openedWith(answer, DATE, 'another'))
    assert.isNull(openedWith('<html></html>', DATE, PRIVATE_KEY))
  })

  test('the code of {at} s is {code} (RFC 6238, appendix B)')
    .with([
      { at: 59, code: '287082' },
      { at: 1_111_111_109, code: '081804' },
      { at: 1_111_111_111, code: '050471' },
      { at: 1_234_567_890, code: '005924' },
      { at: 2_000_000_000, code: '279037' },
      { at: 20_000_000_000, code: '353130' },
    ])
    .run(({ assert }, { at, code }) => {
      assert.equal(oneTimeCode('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ', at), code)
    })
})
