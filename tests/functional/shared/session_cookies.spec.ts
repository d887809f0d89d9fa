import { test } from '@japa/runner'
import { givenInstallation, startServer, type RunningServer } from '#tests/fixtures/processes'

/** A browser's cookies, with the limit browsers have. */
class Visitor {
  readonly cookies = new Map<string, string>()

  constructor(private url: string) {}

  async get(path: string) {
    return this.#fetch(path, {})
  }

  async post(path: string, fields: Record<string, string>) {
    const [, token] = /name='_csrf' value='([^']+)'/.exec(await (await this.get(path)).text()) ?? []
    return this.#fetch(path, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, _csrf: token! }),
      headers: { referer: `${this.url}${path}` },
    })
  }

  async #fetch(path: string, init: RequestInit) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), cookie },
      redirect: 'manual',
    })
    for (const set of response.headers.getSetCookie()) this.#keep(set)
    return response
  }

  #keep(set: string) {
    if (Buffer.byteLength(set) > 4096) return
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
    if (/max-age=-|expires=thu, 01 jan 1970/i.test(set)) this.cookies.delete(name!)
    else this.cookies.set(name!, value!)
  }
}

const AGENCY = { name: 'Cabinet', email: 'a@b.fr', phone: '01 84 80 00 00', siren: 'wrong' }
const long = (length: number) => 'Où l’on écrit beaucoup. '.repeat(Math.ceil(length / 24)).slice(0, length)

test.group('the session kept in cookies', (group) => {
  let server: RunningServer
  group.setup(async () => {
    const home = await givenInstallation()
    server = await startServer(home.variables)
    return async () => {
      await server.stop()
      await home.discard()
    }
  })

  test('a long text in a form that was refused comes back whole, then the session shrinks again', async ({
    assert,
  }) => {
    const visitor = new Visitor(server.url)
    const typed = long(4000)
    await visitor.post('/setup', { ...AGENCY, addressLines: typed })
    assert.isAbove(visitor.cookies.size, 2)
    const page = await (await visitor.get('/setup')).text()
    assert.include(page, typed)
    assert.include(page, 'neuf chiffres')

    const calm = await (await visitor.get('/setup')).text()
    assert.notInclude(calm, 'neuf chiffres')
    assert.equal(visitor.cookies.size, 2, 'the session’s name and one piece')
  })

  test('a text that no cookies could hold is dropped, and what is wrong is still said', async ({
    assert,
  }) => {
    const visitor = new Visitor(server.url)
    await visitor.post('/setup', { ...AGENCY, addressLines: long(60_000) })
    const page = await (await visitor.get('/setup')).text()
    assert.include(page, 'neuf chiffres')
  })

  test('a piece that was altered, lost or taken from another session is worth nothing', async ({
    assert,
  }) => {
    const visitor = new Visitor(server.url)
    await visitor.post('/setup', { ...AGENCY, addressLines: 'X' })
    const [piece] = [...visitor.cookies.keys()].filter((name) => name.endsWith('.0'))
    const sealed = visitor.cookies.get(piece!)!

    visitor.cookies.set(piece!, `${sealed.slice(0, -2)}xx`)
    const altered = await visitor.get('/setup')
    assert.equal(altered.status, 200)
    assert.notInclude(await altered.text(), 'neuf chiffres')

    const other = new Visitor(server.url)
    await other.get('/setup')
    const [theirs] = [...other.cookies.keys()].filter((name) => name.endsWith('.0'))
    other.cookies.set(theirs!, sealed)
    assert.notInclude(await (await other.get('/setup')).text(), 'neuf chiffres')

    for (const forged of ['9~', '1e9~x', '~', 'x']) {
      visitor.cookies.set(piece!, forged)
      assert.equal((await visitor.get('/setup')).status, 200, forged)
    }
  })
})
