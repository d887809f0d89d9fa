import { globSync, readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import { attributes } from '#shared/markup'

test.group('attributes in templates', () => {
  test('a typed value never closes its attribute', ({ assert }) => {
    const printed = attributes({ value: `"><script>alert('1')</script>&` }).value
    assert.equal(printed, 'value="&quot;&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;&amp;"')
  })

  test('true is bare, nothing is left out, lists join', ({ assert }) => {
    const printed = attributes({ required: true, disabled: false, title: null, class: ['a', '', null, 'b'] })
    assert.equal(printed.value, 'required class="a b"')
  })

  test('a name that is no attribute is refused', ({ assert }) => {
    assert.throws(() => attributes({ 'x onclick=': '1' }), '"x onclick=" is not the name of an attribute')
  })

  test('no template prints attributes the unescaped way', ({ assert }) => {
    const unsafe = globSync('resources/views/**/*.edge').filter((file) =>
      /html\.attrs\(|\.toAttrs\(/.test(readFileSync(file, 'utf8'))
    )
    assert.deepEqual(unsafe, [])
  })
})
