import { test } from '@japa/runner'
import type { MailingState, ProofKind } from '#registered_mail/providers/provider'
import { STATUSES } from '#registered_mail/providers/merci_facteur/statuses'
import { readTracking } from '#registered_mail/providers/merci_facteur/tracking'
import { merciFacteurWebhook } from '#registered_mail/providers/merci_facteur/webhook'

const SECRET = 'secret-webhook-123456789'
const reader = merciFacteurWebhook(SECRET)

const form = (event: unknown, detail: unknown) =>
  Buffer.from(
    new URLSearchParams({ event: JSON.stringify(event), detail: JSON.stringify(detail) }).toString()
  )

const letter = (status: string, more: object = {}) => ({
  ref_courrier: '123456-789',
  id_envoi: '123',
  tracking_number: '2C123456789',
  statut_courrier: status,
  ...more,
})

const told = (status: string) =>
  reader.facts(form({ name_event: 'x', date_event: 1581674000 }, [letter(status)]), undefined)[0]

type Row = [status: string, state: MailingState | null, proof: ProofKind | null, reason: string | null]

const EXPECTED: Row[] = [
  ['wait', 'provider_accepted', null, null],
  ['imprime', 'printed', null, null],
  ['pris_en_charge', 'handed_over', null, null],
  ['prix_en_charge_pays_destinataire', 'handed_over', null, null],
  ['traitement', 'handed_over', null, null],
  ['traitement_pays_destination', 'handed_over', null, null],
  ['transit_pays_intermediaire', 'handed_over', null, null],
  ['entree_douane', 'handed_over', null, null],
  ['sortie_douane', 'handed_over', null, null],
  ['retenu_douane', 'handed_over', null, 'retenu_douane'],
  ['attente_presentation', 'handed_over', null, null],
  ['distribution_en_cours', 'handed_over', null, null],
  ['attente_au_guichet', 'awaiting_pickup', null, null],
  ['probleme_en_cours', null, null, 'probleme_en_cours'],
  ['probleme_resolu', null, null, 'probleme_resolu'],
  ['non_distribuable', null, null, 'non_distribuable'],
  ['retour_expediteur', 'undeliverable', null, 'retour_expediteur'],
  ['distribue', 'delivered', null, null],
  ['distribue_expediteur', 'undeliverable', null, 'distribue_expediteur'],
  ['archivage_pnd', 'undeliverable', null, 'archivage_pnd'],
  ['retour_are', 'delivered_signed', 'receipt', null],
  ['scan_pdd', 'handed_over', 'deposit', null],
  ['envoye', 'sent', 'deposit', null],
  ['accept_wait', 'awaiting_pickup', null, null],
  ['accept_lock', null, null, 'accept_lock'],
  ['accept_notification_error', 'notification_failed', null, 'accept_notification_error'],
  ['accepted', 'delivered_signed', 'receipt', null],
  ['accepted_downloaded', 'delivered_signed', 'download', null],
  ['expired', 'unclaimed', null, null],
  ['refused', 'refused', null, null],
]

test.group('What Merci Facteur says of a letter', () => {
  test('every status has a row in this table', ({ assert }) => {
    assert.sameMembers(
      Object.keys(STATUSES),
      EXPECTED.map(([status]) => status)
    )
  })

  test('{0} is {1}, with the proof {2}')
    .with(EXPECTED)
    .run(({ assert }, [status, state, proof, reason]) => {
      assert.deepEqual(told(status), {
        providerRef: '123',
        factKey: `123:${status}`,
        state,
        proof,
        at: '2020-02-14T09:53:20.000Z',
        registeredNumber: '2C123456789',
        reason,
      })
    })

  test('{$self} is none')
    .with(['', 'nouveau_statut', 'constructor', '__proto__', 'toString'])
    .run(({ assert }, status) => {
      assert.isUndefined(told(status))
    })

  test('one call tells of several letters, and the same fact has the same key', ({ assert }) => {
    const body = form({ date_event: 1581674000 }, [
      letter('imprime', { tracking_number: null }),
      letter('imprime', { id_envoi: 987, tracking_number: 'null' }),
    ])
    const facts = reader.facts(body, 'application/x-www-form-urlencoded')
    assert.deepEqual(
      facts.map(({ providerRef, registeredNumber }) => [providerRef, registeredNumber]),
      [
        ['123', null],
        ['987', null],
      ]
    )
    assert.deepEqual(facts, reader.facts(body, undefined))
  })

  test('without a date a fact has none', ({ assert }) => {
    const facts = reader.facts(form({ name_event: 'new' }, letter('wait')), undefined)
    assert.equal(facts[0]?.at, null)
  })

  test('{$i}. what cannot be read is nothing')
    .with([
      ['', undefined],
      ['event=%7B&detail=%5B', undefined],
      ['detail=%5B%5D', undefined],
      ['event=null&detail=null', undefined],
      ['event=%7B%7D&detail=%5Bnull%2C1%2C%22x%22%5D', undefined],
      ['{"event":', 'application/json'],
      ['[]', 'application/json'],
    ])
    .run(({ assert }, [body, contentType]) => {
      assert.deepEqual(reader.facts(Buffer.from(body!), contentType), [])
    })

  test('a JSON body with the same two fields is read too', ({ assert }) => {
    const body = JSON.stringify({ event: { date_event: 1581674000 }, detail: [letter('distribue')] })
    assert.equal(reader.facts(Buffer.from(body), 'application/json; charset=utf-8')[0]?.state, 'delivered')
  })

  test('a call is theirs by its secret alone', ({ assert }) => {
    const withKey = (key: string | undefined) =>
      reader.isAuthentic({ 'x-mf-webhook-secret-key': key }, Buffer.alloc(0))
    assert.isTrue(withKey(SECRET))
    for (const key of [undefined, '', 'x', SECRET.slice(1), `${SECRET} `, SECRET.toUpperCase()])
      assert.isFalse(withKey(key))
    const unset = merciFacteurWebhook('')
    assert.isFalse(unset.isAuthentic({ 'x-mf-webhook-secret-key': '' }, Buffer.alloc(0)))
  })
})

test.group('What Merci Facteur answers when it is asked', () => {
  test('its history, its last state, its return and its scan are facts, each once', ({ assert }) => {
    const { facts, trackingNumber, receipt } = readTracking('55', {
      statutPrintEnvoi: 'imprime',
      suiviCourrier: [
        {
          ref_tracking: '2C999',
          last_state: 'distribue',
          historique: [
            { date: '2026-09-01T10:00:00+02:00', statut: 'pris_en_charge' },
            { date: '2026-09-02T10:00:00+02:00', statut: 'distribue' },
          ],
          pnd: 0,
          are_base64_jpeg: '/9j/4AAQ',
        },
      ],
    })
    assert.equal(trackingNumber, '2C999')
    assert.equal(receipt, '/9j/4AAQ')
    assert.deepEqual(
      facts.map(({ factKey, at }) => [factKey, at]),
      [
        ['55:imprime', null],
        ['55:pris_en_charge', '2026-09-01T08:00:00.000Z'],
        ['55:distribue', '2026-09-02T08:00:00.000Z'],
        ['55:retour_are', null],
      ]
    )
  })

  test('pnd 1 is a letter that came back, and a scan that is pending is none', ({ assert }) => {
    const { facts, receipt } = readTracking('55', {
      suiviCourrier: [{ pnd: '1', are_base64_jpeg: 'pending' }],
    })
    assert.deepEqual(
      facts.map(({ state }) => state),
      ['undeliverable']
    )
    assert.isNull(receipt)
  })

  test('a sentence is not interpreted, and an empty answer says nothing', ({ assert }) => {
    const historique = '14/02/2020 : Courrier distribué au destinataire'
    assert.deepEqual(
      readTracking('55', { suiviCourrier: [{ historique, last_state: historique }] }).facts,
      []
    )
    assert.deepEqual(readTracking('55', {}).facts, [])
    assert.deepEqual(readTracking('55', { suiviCourrier: [{ historique: '[{' }] }).facts, [])
  })
})
