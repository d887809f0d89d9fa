import { test } from '@japa/runner'
import { TEMPLATE_CHANNELS } from '#letters/templates/channels'
import { FORBIDDEN } from '#letters/templates/forbidden'
import { sanitise } from '#letters/templates/html'
import { LANGUAGES } from '#letters/templates/language'
import { lintTemplate, refusalsOf, type TemplateText } from '#letters/templates/lint'
import { startOf } from '#letters/templates/starts'

const template = (changes: Partial<TemplateText> = {}): TemplateText => {
  const { channel = 'letter', language = 'fr' } = changes
  const start = startOf(channel, language)
  return {
    channel,
    language,
    audience: 'any',
    ...start,
    ...changes,
    body: sanitise(changes.body ?? start.body),
  }
}

const withWords = (words: string, changes: Partial<TemplateText> = {}) =>
  template({ ...changes, body: `${startOf(changes.channel ?? 'letter', 'fr').body}<p>${words}</p>` })

const codes = (text: TemplateText) => refusalsOf(text).map(({ code }) => code)

test.group('the linter', () => {
  test('what a new template begins with passes, for every channel and language', ({ assert }) => {
    for (const channel of TEMPLATE_CHANNELS) {
      for (const language of LANGUAGES) {
        for (const audience of ['any', 'b2b', 'b2c'] as const) {
          assert.deepEqual(
            lintTemplate(template({ channel, language, audience })),
            [],
            `${channel} ${language}`
          )
        }
      }
    }
  })

  test('rules 4, 5, 7, 8, 61: without {0} a letter is refused as {1}, and its mend satisfies it')
    .with([
      ['#activity_statement', 'activity_missing', 4],
      ['#items_list', 'items_missing', 4],
      ['#balance_split', 'balance_missing', 8],
      ['Nous vous mettons en demeure', 'demand_missing', 4],
      ['#deadline', 'deadline_missing', 4],
      ['#payment_means', 'payment_missing', 4],
      ['#l111_8', 'l111_8_missing', 5],
      ['#first_letter_recall', 'recall_missing', 7],
      ['#privacy_notice', 'privacy_missing', 61],
    ] as [string, string, number][])
    .run(({ assert }, [words, code, rule]) => {
      for (const channel of ['letter', 'lrar', 'ere'] as const) {
        const body = startOf(channel, 'fr').body.replace(words, '')
        const [message] = refusalsOf(template({ channel, body })).filter((one) => one.code === code)
        assert.equal(message?.rule, rule, channel)
        assert.match(message!.article!, /R124-4|RGPD/)
        assert.property(message!.mend, 'append')
        const { append } = message!.mend as { append: string }
        assert.notInclude(codes(template({ channel, body: body + append })), code)
      }
    })

  test('rule 7: an email, a text message and a call recall the first letter')
    .with(['email', 'sms', 'voice'] as const)
    .run(({ assert }, channel) => {
      const { subject, body } = startOf(channel, 'fr')
      const without = body.replace('#first_letter_date', 'mardi')
      assert.deepEqual(codes(template({ channel, subject, body: without })), ['recall_missing'])
    })

  test('rule 11: "{0}" is refused, in any case, accents or spacing')
    .with([
      'Un huissier viendra',
      'un HUISSIER',
      'l’huissier',
      'des huissiers',
      'h u i s s i e r',
      'huis-sier',
      'huis\u00adsier',
      'huis\u200bsier',
      'hüîssiér',
      'ｈｕｉｓｓｉｅｒ',
      'huіssier',
      'hu<b>iss</b>ier',
      'hui&#115;sier',
      'huissier de justice',
      'un commissaire  de   justice',
      'COMMISSAIREDEJUSTICE',
      'commandement de payer',
      'Sommation',
      'sommations',
      'une saisie',
      'saisie-attribution',
      'Saisies',
      'SAISIE de vos biens',
      'un titre exécutoire',
      'Titre Executoire',
      'titre-exécutoire',
      'sous la contrainte',
      'fichage Banque de France',
      'Marianne',
      'République française',
      'frais de dossier',
      'FRAIS  DE RECOUVREMENT',
      'frais de relance : 15',
      'dommages et intérêts',
      'dommages-intérêts',
      'sans contrainte, mais sous la contrainte',
    ])
    .run(({ assert }, words) => {
      for (const [channel, audience] of [
        ['letter', 'b2b'],
        ['email', 'b2c'],
      ] as const) {
        const found = refusalsOf(withWords(words, { channel, audience }))
        assert.includeMembers(
          found.map(({ rule }) => rule),
          [11],
          channel
        )
        assert.isTrue(found.every(({ article, place }) => article && place && place.words))
      }
    })

  test('rule 11: a banned word in a subject is refused too', ({ assert }) => {
    assert.deepEqual(codes(template({ subject: 'Commandement de payer' })), ['forbidden_words'])
  })

  test('"{0}" says nothing forbidden')
    .with([
      'Une erreur de saisie a pu se glisser dans nos calculs',
      'La saisie de vos coordonnées se fait sur votre page',
      'saisir la juridiction compétente',
      'Nous avons saisi et transmis votre demande',
      'vous répondez sans contrainte',
      'selon vos contraintes financières',
      'sans frais de dossier',
      'aucun frais de recouvrement ne vous est demandé',
      'Les frais de recouvrement restent à la charge du créancier',
      'nos honoraires sont à la charge du créancier',
      'Mme Mariannette',
      'le recommandement',
      'vos intérêts',
      'le 40, rue de la Paix',
      '1 240 factures',
      'sans titre exécutoire',
    ])
    .run(({ assert }, words) => {
      assert.deepEqual(codes(withWords(words)), [])
    })

  test('rule 10: "{0}" is refused to a consumer and to whoever may be one, not to a business')
    .with([
      '40 €',
      '40€',
      '40,00 €',
      '40 euros',
      'quarante euros',
      'une indemnité forfaitaire',
      'article D441-5',
      'article L. 441-10',
      'des pénalités de retard',
      'frais d’impayé',
      'frais bancaires',
    ])
    .run(({ assert }, words) => {
      for (const audience of ['any', 'b2c'] as const) {
        assert.include(codes(withWords(words, { audience })), 'consumer_charge', audience)
      }
      assert.notInclude(codes(withWords(words, { audience: 'b2b' })), 'consumer_charge')
    })

  test('rule 10: other sums are not the 40 €: "{0}"')
    .with(['140 €', '4 000 €', '1 040 euros', '400 €', '40 jours'])
    .run(({ assert }, words) => {
      assert.deepEqual(codes(withWords(words)), [])
    })

  test('rule 9: "{0}" is never asked of a debtor')
    .with(['nos honoraires', 'Notre commission de 10 %'])
    .run(({ assert }, words) => {
      assert.include(codes(withWords(words)), 'own_fee')
    })

  test('rule 14: "{0}" is no way to speak to a debtor')
    .with(['nous préviendrons votre employeur', 'vos voisins', 'votre entourage'])
    .run(({ assert }, words) => {
      assert.include(codes(withWords(words)), 'told_to_others')
    })

  test('rule 15: the subject "{0}" reveals an amount')
    .with([
      'Réglez #total_due',
      'Il reste 1 250,00 €',
      '12 euros',
      '€ 40',
      'EUR 300',
      'Somme : #overdue_amount',
    ])
    .run(({ assert }, subject) => {
      assert.include(codes(template({ channel: 'email', audience: 'b2b', subject })), 'amount_in_subject')
      assert.include(codes(template({ channel: 'ere', audience: 'b2b', subject })), 'amount_in_subject')
    })

  test('rule 15: nor do a text message and a call: "{0}"')
    .with(['#total_due', '150 €'])
    .run(({ assert }, words) => {
      for (const channel of ['sms', 'voice'] as const) {
        assert.include(codes(withWords(words, { channel })), 'amount_in_body')
      }
    })

  test('rule 14: the subject of an email does not tell of a debt: "{0}"')
    .with(['Votre dette', 'Facture impayée', 'Mise en demeure', 'Recouvrement de créances'])
    .run(({ assert }, subject) => {
      const [message] = refusalsOf(template({ channel: 'email', subject }))
      assert.equal(message?.code, 'subject_tells')
      assert.deepEqual(message?.mend, { replace: subject, by: 'Dossier #file_reference' })
    })

  test('an email and a letter have a subject', ({ assert }) => {
    for (const channel of ['letter', 'email'] as const) {
      assert.deepEqual(codes(template({ channel, subject: ' ' })), ['subject_missing'])
    }
  })

  test('tags: {0} is refused as {1}')
    .with([
      ['#total_du', 'unknown_tag_like'],
      ['#bonjour_monde', 'unknown_tag'],
      ['#__proto__', null],
      ['#constructor', 'unknown_tag'],
      ['La liste : #items_list', 'tag_not_alone'],
      ['#items_list #balance_split', 'tag_not_alone'],
      ['#total<b>_due</b>', 'tag_cut'],
      ['#<b>iban</b>', 'tag_cut'],
      ['<a href="#iban">payer</a>', 'tag_is_no_link'],
      ['<a href="#bonjour_monde">payer</a>', 'unknown_tag'],
    ] as [string, string | null][])
    .run(({ assert }, [words, code]) => {
      const found = codes(withWords(words))
      if (code) assert.include(found, code)
      else assert.deepEqual(found, [])
    })

  test('an unknown tag is told with its place and the tag most like it', ({ assert }) => {
    const [message] = refusalsOf(withWords('Total : #total_du.'))
    assert.deepEqual(message!.mend, { replace: '#total_du', by: '#total_due' })
    assert.equal(message!.place!.words, 'Total : #total_du.')
    assert.equal(message!.place!.column, 9)
  })

  test('a table has no place in a text message, a code to scan none in an email', ({ assert }) => {
    assert.include(codes(withWords('#items_list', { channel: 'sms' })), 'tag_not_for_channel')
    assert.include(codes(withWords('#payment_qr', { channel: 'email' })), 'tag_not_for_channel')
    assert.deepEqual(codes(withWords('#items_list', { channel: 'email' })), [])
  })

  test('a sum typed by hand is remarked upon, and published all the same', ({ assert }) => {
    const text = withWords('soit 1 250,00 € en tout', { audience: 'b2b' })
    assert.deepEqual(
      lintTemplate(text).map(({ code, refuses }) => [code, refuses]),
      [['typed_amount', false]]
    )
  })

  test('rule 63: every allowed context says why, every term has its article', ({ assert }) => {
    for (const { article, allowed = [] } of FORBIDDEN) {
      assert.match(article, /\d/)
      for (const { why } of allowed) assert.isAbove(why.length, 3)
    }
  })
})
