import { test } from '@japa/runner'
import { composeLetter } from '#letters/compose_letter'
import { L111_8_PARAGRAPHS } from '#letters/l111_8'
import type { LetterContent } from '#letters/letter_content'
import { assertMentions, MissingMentions, plainText } from '#letters/mentions'
import { formalNotice } from '#letters/templates/formal_notice'
import { raw } from '#letters/rendering/markup'
import { letterContent } from '#tests/fixtures/letters'

const flat = (text: string) => text.replace(/\s+/g, ' ')
const textOf = (content: LetterContent) => flat(plainText(composeLetter(content).body))

const everyKind: [string, LetterContent][] = [
  ['a plain letter to a company', letterContent(1, 3, 'b2b')],
  ['a registered letter to a company', letterContent(2, 3, 'b2b', { kind: 'lrar' })],
  ['a plain letter to a consumer', letterContent(3, 3, 'b2c')],
  ['a registered letter to a consumer', letterContent(4, 3, 'b2c', { kind: 'lrar' })],
]

/** law.md §4: words that would make a letter look judicial. */
const BANNED =
  /huissier|commandement|sommation|saisie\b|contrainte|fichage|frais de (?:dossier|recouvrement|relance)|dommages et intérêts|titre exécutoire/i

test.group('formal notice', () => {
  test('rule 4: {0} bears every mention of R124-4')
    .with(everyKind)
    .run(({ assert }, [, content]) => {
      const text = textOf(content)
      for (const words of [
        'Cabinet Amiable',
        '12 rue des Archives',
        'activité de recouvrement amiable',
        'STUDIO RIVAGE, SARL',
        '12 quai de la Tournelle',
        'convention du 1er septembre 2026',
        'Objet : Mise en demeure de payer',
        'mettons en demeure de régler cette somme au plus tard le 1er décembre 2026',
        'FR76 3000 6000 0112 3456 7890 189',
        content.ref,
        content.claimRef,
        'saisir la juridiction compétente',
        'Vos données personnelles',
        'CNIL',
      ]) {
        assert.include(text, words)
      }
    })

  test('rule 5: {0} reproduces L111-8 byte for byte')
    .with(everyKind)
    .run(({ assert }, [, content]) => {
      const text = plainText(composeLetter(content).body)
      for (const paragraph of L111_8_PARAGRAPHS) assert.include(text, paragraph)
    })

  test('{0} uses no banned word, the quoted law set apart')
    .with(everyKind)
    .run(({ assert }, [, content]) => {
      const own = L111_8_PARAGRAPHS.reduce(
        (text, paragraph) => text.replace(paragraph, ''),
        plainText(composeLetter(content).body)
      )
      assert.notMatch(own, BANNED)
    })

  test('rule 8: principal, interest, indemnity and total each have their line', ({ assert }) => {
    const text = textOf(letterContent(1, 3))
    assert.match(text, /Principal TTC trois factures, règlements déduits [\d ]+,\d\d €/)
    assert.match(text, /Intérêts de retard 12,15 % puis 12,40 % par an, article L441-10 .* [\d ]+,\d\d €/)
    assert.match(text, /Indemnité forfaitaire 40 € × 3, article D441-5 du code de commerce 120,00 €/)
  })

  test('rule 8: amounts that do not sum are refused')
    .with<[string, Partial<LetterContent['demand']>][]>([
      ['a total that sums', { totalCents: 1 }],
      ['a principal that sums', { principalCents: 1 }],
      ['interest that sums', { interestCents: 0 }],
    ])
    .run(({ assert }, [missing, changes]) => {
      const content = letterContent(1, 3)
      content.demand = { ...content.demand, ...changes }
      assert.include(missingOf(content), missing)
    })

  test('rule 9: the agency’s fee is nowhere a line', ({ assert }) => {
    const { body } = composeLetter(letterContent(1, 3))
    const balance = /<table class="letter-balance">[^]*?<\/table>/.exec(body.text)![0]
    const names = [...balance.matchAll(/<th scope="row">([^<]*)/g)].map(([, name]) => name!.trim())
    assert.deepEqual(names, ['Principal TTC', 'Intérêts de retard', 'Indemnité forfaitaire', 'Total'])
    assert.include(flat(plainText(body)), 'Notre rémunération est à la charge de STUDIO RIVAGE')
  })

  test('rule 10: a consumer is asked neither the 40 € nor the interest of L441-10', ({ assert }) => {
    const text = textOf(letterContent(3, 3, 'b2c'))
    assert.notMatch(text, /Indemnité|D441-5|L441-10|40 €/)
    assert.include(text, 'Intérêts de retard aucun avant la réception de la présente, puis taux légal 0,00 €')
    assert.include(text, 'vous restez redevable')
  })

  test('rule 10: a letter that would ask a consumer for them is refused', ({ assert }) => {
    const content = letterContent(3, 3, 'b2c')
    const business = letterContent(3, 3, 'b2b')
    content.demand = business.demand
    assert.includeMembers(missingOf(content), [
      'no indemnity for a consumer',
      'no commercial interest for a consumer',
    ])
  })

  test('rule 7: a later letter recalls the first one’s reference and date', ({ assert }) => {
    const content = letterContent(1, 3, 'b2b', {
      firstLetter: { ref: 'AM-2026-00001-L0', datedOn: '2026-10-31' },
    })
    assert.include(
      textOf(content),
      'La présente fait suite à notre lettre AM-2026-00001-L0 du 31 octobre 2026.'
    )
  })

  test('rule 4: a letter that lacks a mention is refused, whichever')
    .with<[string, Partial<LetterContent>][]>([
      ['the name of the agency', { agency: { ...letterContent(1, 1).agency, name: '' } }],
      ['the address of the agency', { agency: { ...letterContent(1, 1).agency, addressLines: [] } }],
      ['the name of the creditor', { creditor: { ...letterContent(1, 1).creditor, name: '' } }],
      ['the address of the creditor', { creditor: { ...letterContent(1, 1).creditor, addressLines: [] } }],
    ])
    .run(({ assert }, [missing, changes]) => {
      assert.include(missingOf(letterContent(1, 1, 'b2b', changes)), missing)
    })

  test('rule 4: a letter from which any sentence of the law was taken out is refused', ({ assert }) => {
    const content = letterContent(1, 2)
    const whole = formalNotice(content).text
    const cuts: [string, RegExp][] = [
      ['the statement of its activity', /Nous exerçons une activité de recouvrement amiable de créances/],
      ['the demand to pay', /Nous vous mettons en demeure/],
      ['the ways to pay', /FR76 3000 6000 0112 3456 7890 189/],
      ['article L111-8', /sauf s&#39;ils concernent/],
      ['the interest', /Intérêts de retard[^]*?<\/tr>/],
      ['the basis of the claim', /RV-1-0002/],
      ['the mandate', /1<sup>er<\/sup> septembre 2026/g],
    ]
    for (const [missing, cut] of cuts) {
      const lacking = raw(whole.replace(cut, ''))
      assert.notEqual(lacking.text, whole, missing)
      assert.throws(() => assertMentions(content, lacking), new RegExp(missing))
    }
    assert.doesNotThrow(() => assertMentions(content, raw(whole)))
  })

  test('what a person typed stays text', ({ assert }) => {
    const content = letterContent(1, 1)
    content.debtor.companyName = '<img src=x onerror=alert(1)>'
    content.demand.invoices[0]!.description = '{{ 7*7 }} ${process.exit()} @include("x") <b>'
    const { text } = composeLetter(content).body
    assert.notMatch(text, /<img|<b>/)
    assert.include(text, '{{ 7*7 }} ${process.exit()} @include(&quot;x&quot;) &lt;b&gt;')
  })
})

function missingOf(content: LetterContent): string[] {
  try {
    assertMentions(content, formalNotice(content))
    return []
  } catch (error) {
    if (error instanceof MissingMentions) return error.missing
    throw error
  }
}
