import { test } from '@japa/runner'
import fc from 'fast-check'
import { cssString, markup, raw } from '#letters/rendering/markup'

test.group('letter markup', () => {
  test('a value is escaped once, wherever it stands', ({ assert }) => {
    const hostile = `<script>alert("1")</script> & 'co'`
    const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;'
    assert.equal(markup`<p title="${hostile}">${hostile}</p>`.text, `<p title="${escaped}">${escaped}</p>`)
    assert.equal(markup`${markup`${'&amp;'}`}`.text, '&amp;amp;')
  })

  test('whatever is typed, no tag, quote or entity of it survives', ({ assert }) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const { text } = markup`${typed}`
        assert.notMatch(text, /[<>"']/)
        assert.notMatch(text, /&(?!(?:amp|lt|gt|quot|#39);)/)
      }),
      { numRuns: 2000 }
    )
  })

  test('lists are joined, and nothing is printed for null, undefined and false', ({ assert }) => {
    const rows = ['a<', 'b'].map((name) => markup`<li>${name}</li>`)
    const list = markup`<ul>${rows}</ul>${null}${undefined}${false}${0}`
    assert.equal(list.text, '<ul><li>a&lt;</li><li>b</li></ul>0')
  })

  test('an object that looks like markup but is not made by us is refused by its text', ({ assert }) => {
    const forged = { text: '<b>' } as unknown as string
    assert.equal(markup`${forged}`.text, '[object Object]')
    assert.equal(markup`${raw('<b>')}`.text, '<b>')
  })

  test('a string in a style sheet cannot end its quotes, its rule or the element', ({ assert }) => {
    assert.equal(cssString('"} </style> \\ \n'), '"\\22 } \\3c /style\\3e  \\5c  \\a "')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        assert.notMatch(cssString(typed).slice(1, -1), /["<>\n\r\f]|\\(?![0-9a-f]{1,6} )/)
      }),
      { numRuns: 2000 }
    )
  })
})
