import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inflateSync } from 'node:zlib'
import { test } from '@japa/runner'
import { openedWoff } from '#registered_mail/evidence/dossier/opened_woff'

const font = (name: string) => readFileSync(fileURLToPath(import.meta.resolve(`@fontsource/${name}`)))

test.group('a font out of its WOFF', () => {
  test('has the size that the WOFF announces, and each table to the byte: {$self}')
    .with([
      'arimo/files/arimo-latin-400-normal.woff',
      'source-serif-4/files/source-serif-4-latin-ext-600-normal.woff',
    ])
    .run(({ assert }, name) => {
      const woff = font(name)
      const opened = openedWoff(woff)
      assert.equal(opened.length, woff.readUInt32BE(16))
      const count = opened.readUInt16BE(4)
      assert.equal(count, woff.readUInt16BE(12))
      for (let index = 0; index < count; index++) {
        const [row, entry] = [12 + 16 * index, 44 + 20 * index]
        assert.equal(opened.toString('latin1', row, row + 4), woff.toString('latin1', entry, entry + 4))
        const [at, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field))
        const stored = woff.subarray(at, at! + packed!)
        const start = opened.readUInt32BE(row + 8)
        assert.equal(start % 4, 0)
        assert.isTrue(
          opened
            .subarray(start, start + opened.readUInt32BE(row + 12))
            .equals(packed! < length! ? inflateSync(stored) : stored)
        )
      }
    })

  test('anything else is refused', ({ assert }) => {
    assert.throws(() => openedWoff(Buffer.from('OTTO and no WOFF')), 'not a WOFF font')
  })
})
