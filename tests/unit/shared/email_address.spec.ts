import { test } from '@japa/runner'
import { parseEmailAddress } from '#shared/email_address'

test.group('One strict email address', () => {
  test('takes {0} as {1}')
    .with([
      ['camille.fournier@atelier-halles.example', 'camille.fournier@atelier-halles.example'],
      ["o'brien+factures@sub.domain.fr", "o'brien+factures@sub.domain.fr"],
      ['Jean@Exemple.FR', 'Jean@exemple.fr'],
      ['a@xn--caf-dma.fr', 'a@xn--caf-dma.fr'],
      ['a@b.xn--p1ai', 'a@b.xn--p1ai'],
      [`${'a'.repeat(64)}@b.fr`, `${'a'.repeat(64)}@b.fr`],
    ])
    .run(({ assert }, [given, read]) => {
      assert.equal(parseEmailAddress(given!), read!)
    })

  test('refuses {$self}')
    .with([
      '',
      'a',
      'a@',
      '@b.fr',
      'a@b',
      'a@x.fr, v@evil.fr',
      'a@x.fr;v@evil.fr',
      'a@x.fr v@evil.fr',
      'a@x.fr\r\nBcc: v@evil.fr',
      'a@x.fr\nv@evil.fr',
      'a@x.fr\0',
      ' a@x.fr',
      'a@x.fr ',
      'Jean <a@x.fr>',
      '<a@x.fr>',
      'v@evil.fr <a@x.fr>',
      'a@x.fr (v@evil.fr)',
      '"a b"@x.fr',
      '"v@evil.fr,"@x.fr',
      'a@x.fr@evil.fr',
      'a@evil.fr:b@x.fr',
      'groupe:a@x.fr;',
      '=?utf-8?q?a=40evil.fr?=@x.fr,',
      'é@x.fr',
      'а@x.fr',
      'a@ex\u200bemple.fr',
      'a@café.fr',
      'a@[127.0.0.1]',
      'a@127.0.0.1',
      'a..b@x.fr',
      '.a@x.fr',
      'a.@x.fr',
      'a@x..fr',
      'a@-x.fr',
      'a@x-.fr',
      'a@x.fr.',
      'a@x.f',
      `${'a'.repeat(65)}@b.fr`,
      `a@${'b'.repeat(64)}.fr`,
      `a@${'b.'.repeat(130)}fr`,
      'mailto:a@x.fr?bcc=v@evil.fr',
    ])
    .run(({ assert }, text) => {
      assert.isNull(parseEmailAddress(text))
    })
})
