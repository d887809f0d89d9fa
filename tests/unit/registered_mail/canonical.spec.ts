import { test } from '@japa/runner'
import { canonical, type Json } from '#registered_mail/evidence/canonical'

test.group('canonical JSON (RFC 8785)', () => {
  test("the standard's own example, numbers and escapes", ({ assert }) => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"\/',
      literals: [null, true, false],
    }
    assert.equal(
      canonical(value),
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
  })

  test('keys are in the order of their UTF-16 units, at every depth', ({ assert }) => {
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
    assert.equal(
      canonical({ b: keys, a: [] }),
      '{"a":[],"b":{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}}'
    )
  })

  test('what has no form is refused, what has no value left out', ({ assert }) => {
    for (const value of [Number.NaN, Infinity, 'a\ud800', { deep: ['\udc00'] }] as Json[])
      assert.throws(() => canonical(value))
    assert.equal(canonical({ a: undefined, b: null }), '{"b":null}')
  })
})
