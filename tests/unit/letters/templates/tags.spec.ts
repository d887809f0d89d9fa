import { test } from '@japa/runner'
import { TEMPLATE_CHANNELS } from '#letters/templates/channels'
import type { TagContext } from '#letters/templates/context'
import { LANGUAGES, speechOf } from '#letters/templates/language'
import { parseLine, parseTemplate, placeOf } from '#letters/templates/parse'
import { renderEmail, renderLine, renderPrint, renderText, TagWithoutValue } from '#letters/templates/render'
import { SAMPLE, SAMPLE_FACTS, sampleContext } from '#letters/templates/sample'
import { mayStandIn, nearestTag, tagNamed, TAGS } from '#letters/templates/tags'
import { hostilePayloads, hostileValues } from '#tests/fixtures/payloads'

const french = sampleContext('fr')

const ISSUE =
  'items_list balance_split total_due overdue_amount account_statement interest_detail daily_interest deadline first_letter_reference first_letter_date late_penalty_rate iban payment_link payment_qr portal_link documents_links privacy_notice l111_8 mandate debtor_name debtor_email debtor_phone creditor_name creditor_email agency_name agency_email agency_phone user_name user_email user_phone logo'

test.group('tags', () => {
  test('every tag that templates were promised exists', ({ assert }) => {
    for (const name of ISSUE.split(' ')) assert.isNotNull(tagNamed(name), name)
  })

  test('every tag has something to say for the sample file, in each language and wherever it may stand', ({
    assert,
  }) => {
    for (const language of LANGUAGES) {
      const context = {
        ...sampleContext(language),
        logo: { mediaType: 'image/png', base64: 'AAAA' } as const,
      }
      for (const tag of TAGS) {
        const parsed = parseTemplate(`<p>#${tag.name}</p>`)
        for (const channel of TEMPLATE_CHANNELS.filter((one) => mayStandIn(tag, one))) {
          const shown =
            channel === 'email' ? renderEmail(parsed, context).text : renderPrint(parsed, context).text
          assert.match(shown.replace(/<(?!img)[^>]*>/g, ''), /\S/, `${tag.name} in ${channel}`)
          assert.notInclude(shown, `#${tag.name}`)
        }
      }
    }
  })

  test('{0} reads as {1}')
    .with([
      ['Total : #total_due.', 'Total : 2 052,60 €.'],
      ['#TOTAL_DUE', '2 052,60 €'],
      ['##total_due', '#total_due'],
      ['n° 12 #5 #', 'n° 12 #5 #'],
      ['#deadline#iban', '1er décembre 2026FR76 3000 6000 0112 3456 7890 189'],
    ])
    .run(({ assert }, [written, read]) => {
      assert.equal(renderLine(parseLine(written!), french).replace(/[\u00a0\u202f]/g, ' '), read)
    })

  test('an unknown tag is found with its line, its column and the words around', ({ assert }) => {
    const { reading, uses } = parseTemplate('<p>Bonjour</p><p>La somme de <b>#total_du</b> est due</p>')
    assert.deepEqual(
      uses.map(({ name, at }) => [name, placeOf(reading, at)]),
      [['total_du', { line: 2, column: 13, words: 'La somme de #total_du est due' }]]
    )
    assert.equal(nearestTag('total_du'), 'total_due')
    assert.isNull(nearestTag('zzzzzzzz'))
  })

  test('a tag alone in its paragraph becomes its table, bold or not', ({ assert }) => {
    for (const written of ['<p>#items_list</p>', '<p> <b>#items_list</b> </p>']) {
      assert.include(renderPrint(parseTemplate(written), french).text, '<table class="letter-invoices">')
    }
  })

  test('a link goes where its tag says, and only a tag that is an address', ({ assert }) => {
    const parsed = parseTemplate('<p><a href="#payment_link">Payer</a></p>')
    assert.include(renderPrint(parsed, french).text, '<a href="https://amiable.example/p/exemple">Payer</a>')
    assert.equal(renderText(parsed, french), 'Payer (https://amiable.example/p/exemple)')
  })

  test('a file without the value is refused by the name of the tag, and what may be empty prints nothing', ({
    assert,
  }) => {
    const bare: TagContext = { ...french, content: { ...SAMPLE, firstLetter: null } }
    assert.throws(() => renderPrint(parseTemplate('#first_letter_date'), bare), TagWithoutValue)
    assert.equal(renderPrint(parseTemplate('<p>#first_letter_recall</p>'), bare).text, '')
  })

  test('rule 5: the law is printed byte for byte in either language', async ({ assert }) => {
    const { L111_8_PARAGRAPHS } = await import('#letters/l111_8')
    const { plainText } = await import('#letters/mentions')
    for (const language of LANGUAGES) {
      const text = plainText(renderPrint(parseTemplate('<p>#l111_8</p>'), sampleContext(language)))
      for (const paragraph of L111_8_PARAGRAPHS) assert.include(text, paragraph)
    }
  })

  test('rule 10: the balance of a consumer has neither indemnity nor commercial interest', ({ assert }) => {
    for (const language of LANGUAGES) {
      const consumer = sampleContext(language, 'b2c')
      const text = renderPrint(
        parseTemplate('<p>#account_statement</p><p>#interest_detail</p>'),
        consumer
      ).text
      assert.notMatch(text, /D441-5|L441-10|Indemnité|compensation/)
    }
  })
})

test.group('bar 17: hostile templates and hostile values', () => {
  test('of a thousand hostile templates none runs and none is read twice', ({ assert }) => {
    const payloads = hostilePayloads()
    assert.isAbove(payloads.length, 1000)
    for (const payload of payloads) {
      const parsed = parseTemplate(payload)
      if (parsed.uses.some(({ name }) => !tagNamed(name) || tagNamed(name)!.kind === 'block')) continue
      for (const shown of [renderPrint(parsed, french).text, renderEmail(parsed, french).text]) {
        assert.notMatch(
          shown,
          /<(?:script|img|svg|iframe|object|embed|style|form|meta|base|link|input)\b/i,
          payload
        )
        assert.notMatch(shown, /<[^>]*\son\w+\s*=/i, payload)
        assert.notMatch(shown, /href="(?!https:\/\/|mailto:)/i, payload)
        if (payload.includes('7*7') || payload.includes('7 * 7')) assert.notInclude(shown, '49')
      }
    }
  })

  test('of hostile values none becomes a mark and no tag in them is replaced', ({ assert }) => {
    const template = TAGS.filter(({ kind }) => kind === 'text' || kind === 'block')
      .map(({ name }) => `<p>#${name}</p>`)
      .join('')
    const parsed = parseTemplate(template)
    const clean = marksOf(renderPrint(parsed, french).text)
    for (const value of hostileValues()) {
      const context = poisoned(value)
      const shown = renderPrint(parsed, context).text
      assert.deepEqual(marksOf(shown), clean, value)
      assert.deepEqual(
        marksOf(renderEmail(parsed, context).text),
        marksOf(renderEmail(parsed, french).text),
        value
      )
      const read = renderText(parseTemplate('<p>#creditor_name</p>'), context)
      assert.equal(read, `STUDIO RIVAGE ${value}, SARL`.trim(), value)
    }
  })

  /** Every value that a person typed, with the payload after it. */
  function poisoned(value: string): TagContext {
    const { content } = french
    return {
      speech: speechOf('fr'),
      logo: null,
      content: {
        ...content,
        agency: { ...content.agency, name: `Cabinet ${value}`, signatoryName: value, signatoryTitle: value },
        creditor: { ...content.creditor, name: `STUDIO RIVAGE ${value}`, addressLines: [value] },
        debtor: { ...content.debtor, fullName: value, companyName: `H ${value}` },
        demand: {
          ...content.demand,
          invoices: content.demand.invoices.map((one) => ({ ...one, number: value, description: value })),
        },
      },
      facts: {
        ...SAMPLE_FACTS,
        writer: { name: value, email: value },
        documents: [value],
      },
    }
  }

  const marksOf = (html: string) => (html.match(/<\/?[a-z0-9]+/g) ?? []).filter((mark) => mark !== '<path')
})
