import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'

test.group('The loader', (group) => {
  let root: string
  group.each.setup(() => {
    root = mkdtempSync(join(tmpdir(), 'amiable-loader-'))
    write('package.json', { type: 'module', imports: { '#shared/*': './app/shared/*.ts' } })
    write('node_modules/.package-lock.json', { packages: 1 })
    write('node_modules/one/package.json', { type: 'module', main: 'first.js' })
    write('node_modules/one/first.js', `export const said = 'first'`)
    write('app/shared/word.ts', `export const word: string = 'typed'`)
    write(
      'main.ts',
      `import { said } from 'one'\nimport { word } from '#shared/word'\nconsole.log(said, word)`
    )
    mkdirSync(join(root, 'bin'))
    cpSync(app.makePath('bin/loader.js'), join(root, 'bin/loader.js'))
    symlinkSync(app.makePath('node_modules/@swc'), join(root, 'node_modules/@swc'))
    return () => rmSync(root, { recursive: true })
  })

  function write(file: string, content: string | object) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content))
  }

  const run = () =>
    execFileSync(process.execPath, ['--import=./bin/loader.js', 'main.ts'], {
      cwd: root,
      encoding: 'utf8',
    }).trim()

  test('what changes is read again: a source, and a package that npm changed', ({ assert }) => {
    assert.deepEqual([run(), run()], ['first typed', 'first typed'])
    write('app/shared/word.ts', `export const word: string = 'changed'`)
    assert.equal(run(), 'first changed')
    write('node_modules/one/second.js', `export const said = 'second'`)
    write('node_modules/one/package.json', { type: 'module', main: 'second.js' })
    write('node_modules/.package-lock.json', { packages: 'another' })
    assert.equal(run(), 'second changed')
  })

  test('a kept path that leads nowhere is found again', ({ assert }) => {
    assert.equal(run(), 'first typed')
    renameSync(join(root, 'node_modules/one/first.js'), join(root, 'node_modules/one/moved.js'))
    write('node_modules/one/package.json', { type: 'module', main: 'moved.js' })
    assert.equal(run(), 'first typed')
  })

  test('other conditions lead elsewhere', ({ assert }) => {
    const exports = { special: './special.js', default: './first.js' }
    write('node_modules/one/package.json', { type: 'module', exports })
    write('node_modules/one/special.js', `export const said = 'special'`)
    assert.equal(run(), 'first typed')
    const args = ['--conditions=special', '--import=./bin/loader.js', 'main.ts']
    assert.equal(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }), 'special typed\n')
    assert.equal(run(), 'first typed')
  })
})
