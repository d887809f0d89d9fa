import { test } from '@japa/runner'
import fc from 'fast-check'
import { ALIGNMENTS, COLOURS, ELEMENTS, SIZES } from '#letters/templates/allowed'
import { sanitise } from '#letters/templates/html'
import { hostilePayloads } from '#tests/fixtures/payloads'

const CLASSES = Object.keys({ ...COLOURS, ...SIZES, ...ALIGNMENTS })

/** Every mark in written HTML, with its attributes: nothing but what `allowed.ts` names. */
export function strangers(html: string): string[] {
  const marks = html.match(/<[^>]*>/g) ?? []
  return marks.filter((mark) => {
    const [, name, rest] = /^<\/?([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>$/.exec(mark) ?? []
    if (!name || !(ELEMENTS as readonly string[]).includes(name)) return true
    return [...(rest ?? '').matchAll(/ ([a-z]+)="([^"]*)"/g)].some(([, key, value]) => {
      if (key === 'class') return value!.split(' ').some((one) => !CLASSES.includes(one))
      if (key === 'href') return !/^(?:https:\/\/|mailto:|#[a-z])/.test(value!)
      return !(key === 'colspan' && /^\d{1,2}$/.test(value!))
    })
  })
}

test.group('the HTML of a template', () => {
  test('{0}')
    .with([
      ['plain words become a paragraph', 'Bonjour', '<p>Bonjour</p>'],
      ['bold and italic by any name', '<b>a</b> <i>b</i>', '<p><strong>a</strong> <em>b</em></p>'],
      ['a division is a paragraph', '<div>a</div><div>b</div>', '<p>a</p><p>b</p>'],
      [
        'colours and sizes are classes of ours',
        '<p><span class="colour-green x" style="color:red">a</span></p>',
        '<p><span class="colour-green">a</span></p>',
      ],
      ['a span that says nothing goes', '<p><span style="color:red">a</span></p>', '<p>a</p>'],
      ['a list without an end', '<ul><li>a<li>b', '<ul><li>a</li><li>b</li></ul>'],
      [
        'a table without a body gets one',
        '<table><tr><td colspan="2">a<td class="align-end">b</table>c',
        '<table><tbody><tr><td colspan="2">a</td><td class="align-end">b</td></tr></tbody></table><p>c</p>',
      ],
      ['a cell alone gets its table', '<td>a', '<table><tbody><tr><td>a</td></tr></tbody></table>'],
      ['a list in a list', '<ul><li>a<ul><li>b</ul></ul>', '<ul><li>a<ul><li>b</li></ul></li></ul>'],
      ['an image goes', '<p>a<img src="https://x.example/a.png" onerror=alert(1)>b</p>', '<p>ab</p>'],
      ['a script goes with what it holds', 'a<script>alert("<b>1</b>")</script>b', '<p>ab</p>'],
      ['a comment goes', 'a<!-- <p>x</p> -->b', '<p>ab</p>'],
      ['an address that runs goes, its words stay', '<a href="javascript:alert(1)">a</a>', '<p>a</p>'],
      ['so does http', '<a href="http://a.example">a</a>', '<p>a</p>'],
      [
        'https stays',
        '<a href="https://a.example/?b=1&amp;c=2" target="_blank" onclick="x()">a</a>',
        '<p><a href="https://a.example/?b=1&amp;c=2">a</a></p>',
      ],
      ['a tag that is a link stays', '<a href="#payment_link">a</a>', '<p><a href="#payment_link">a</a></p>'],
      ['a lone < is a sign', 'si a < b et c > d', '<p>si a &lt; b et c &gt; d</p>'],
      ['a mark without an end is words', 'a <b et c', '<p>a &lt;b et c</p>'],
      ['entities are read once', '&amp;lt;b&amp;gt; &eacute;', '<p>&amp;lt;b&amp;gt; é</p>'],
      ['an end that begins nothing is nothing', '</p></table>a</b>', '<p>a</p>'],
      ['empty in, empty out', '', ''],
    ])
    .run(({ assert }, [, given, kept]) => {
      assert.equal(sanitise(given!), kept)
    })

  test('bar 17: no hostile payload leaves a mark, an attribute or an address that is not allowed', ({
    assert,
  }) => {
    for (const payload of hostilePayloads()) {
      const kept = sanitise(payload)
      assert.deepEqual(strangers(kept), [], payload)
      assert.equal(sanitise(kept), kept, payload)
    }
  })

  test('what is too deep to be kept leaves no empty list behind', ({ assert }) => {
    const kept = sanitise('<td><table><u><table>&lt;<li>')
    assert.equal(sanitise(kept), kept)
  })

  test('whatever is given, what is kept is allowed, well formed, and kept again as it is', ({ assert }) => {
    const pieces = [
      '<',
      '>',
      '</',
      '/',
      '"',
      "'",
      '=',
      ' ',
      '&',
      '#',
      '<!--',
      '-->',
      'a',
      'href',
      'class',
      'onclick',
    ]
    const piece = fc.oneof(
      fc.constantFrom(
        ...pieces,
        ...ELEMENTS,
        'script',
        'svg',
        'iframe',
        'style',
        'textarea',
        '&lt;',
        '&#60;'
      ),
      fc.constantFrom(...ELEMENTS, 'div', 'img').map((name) => `<${name}>`),
      fc.constantFrom(...ELEMENTS).map((name) => `</${name}>`),
      fc.string({ maxLength: 6 })
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        const kept = sanitise(parts.join(''))
        assert.deepEqual(strangers(kept), [])
        assert.equal(sanitise(kept), kept)
        const open = (kept.match(/<[a-z]/g) ?? []).length - (kept.match(/<br>/g) ?? []).length
        assert.equal((kept.match(/<\//g) ?? []).length, open)
      }),
      { numRuns: 3000 }
    )
  })

  test('a long and unfinished text is read in less than a second', ({ assert }) => {
    for (const part of ['<a href="', '<a ', '<!--', '<', '<script>', '&', '<td>', '<ul><li>', '<p class=']) {
      const startedAt = performance.now()
      sanitise(part.repeat(60_000 / part.length))
      assert.isBelow(performance.now() - startedAt, 1000, part)
    }
  })
})
