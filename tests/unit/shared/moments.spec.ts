import { test } from '@japa/runner'
import i18nManager from '@adonisjs/i18n/services/main'
import { clock } from '#shared/clock'
import { instantText, momentText } from '#shared/moments'

/** A Tuesday in Paris, 10 h 41, an hour ahead of UTC. */
const NOW = '2026-11-24T09:41:00.000Z'

test.group('Moments', () => {
  test('{0} is told as « {1} », and in English as “{2}”')
    .with<[string, string, string][]>([
      ['2026-11-24T09:40:30.000Z', 'à l’instant', 'just now'],
      ['2026-11-24T09:39:00.000Z', 'il y a 2 min', '2 min ago'],
      ['2026-11-24T08:42:00.000Z', 'il y a 59 min', '59 min ago'],
      ['2026-11-24T08:41:00.000Z', 'aujourd’hui à 9 h 41', 'today at 09:41'],
      ['2026-11-23T23:00:00.000Z', 'aujourd’hui à 0 h 00', 'today at 00:00'],
      ['2026-11-23T22:59:00.000Z', 'hier à 23 h 59', 'yesterday at 23:59'],
      ['2026-11-20T08:00:00.000Z', 'vendredi à 9 h 00', 'Friday at 09:00'],
      ['2026-11-18T08:00:00.000Z', 'mercredi à 9 h 00', 'Wednesday at 09:00'],
      ['2026-11-17T08:00:00.000Z', '17/11/2026 à 9 h 00', '17/11/2026 at 09:00'],
      ['2026-10-24T22:30:00.000Z', '25/10/2026 à 0 h 30', '25/10/2026 at 00:30'],
      ['2026-11-24T17:00:00.000Z', 'aujourd’hui à 18 h 00', 'today at 18:00'],
      ['2026-11-25T08:00:00.000Z', 'demain à 9 h 00', 'tomorrow at 09:00'],
      ['2026-11-26T08:00:00.000Z', '26/11/2026 à 9 h 00', '26/11/2026 at 09:00'],
    ])
    .run(({ assert }, [at, french, english]) => {
      const told = (locale: string) => clock.at(NOW, () => momentText(i18nManager.locale(locale), at))
      assert.equal(told('fr').replaceAll('\u00a0', ' '), french)
      assert.equal(told('en'), english)
    })

  test('the exact instant is Paris time, on both sides of a change of hour', ({ assert }) => {
    const french = i18nManager.locale('fr')
    assert.equal(instantText(french, '2026-10-25T00:59:00.000Z'), '25/10/2026 à 2\u00a0h\u00a059')
    assert.equal(instantText(french, '2026-10-25T01:00:00.000Z'), '25/10/2026 à 2\u00a0h\u00a000')
  })
})
