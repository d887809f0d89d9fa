import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * How it behaves to the next requests: `honest`; `down` cuts the line; `failing` answers 500; `slow`
 * answers late; `refusing` says no; `replaying` gives an earlier answer again; `other_nonce` and
 * `other_content` answer another question; `untrusted` signs with a certificate of nobody's; `unfit`
 * with one that is not for timestamps alone; `altered` changes a byte; `garbage` is none.
 */
export type Behaviour =
  | 'honest'
  | 'down'
  | 'failing'
  | 'slow'
  | 'refusing'
  | 'replaying'
  | 'other_nonce'
  | 'other_content'
  | 'untrusted'
  | 'unfit'
  | 'altered'
  | 'garbage'

const EXTENSIONS = {
  ca: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
  tsa: 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n',
  unfit: 'basicConstraints=CA:FALSE\nextendedKeyUsage=critical,timeStamping,codeSigning\n',
}

/** A timestamp authority of RFC 3161 over HTTP, whose tokens OpenSSL makes. */
export class TimestampAuthority {
  behaviour: Behaviour = 'honest'
  requests = 0
  readonly folder = mkdtempSync(join(tmpdir(), 'amiable-tsa-'))
  readonly caFile = join(this.folder, 'ca-and-list.pem')
  #server: Server | null = null
  #last: Buffer | null = null

  get url() {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}/tsr`
  }

  async start(): Promise<this> {
    this.#makeAuthority('ca', 'tsa')
    this.#makeAuthority('nobody', 'stranger')
    this.#issue('ca', 'unfit', 'unfit')
    // OpenSSL refuses to start with a certificate that is not for timestamps alone; its key is what matters here.
    const list = this.#openssl([
      'ca',
      '-gencrl',
      '-config',
      this.#write('crl.cnf', crlConfiguration(this.folder)),
    ])
    writeFileSync(this.caFile, readFileSync(this.#at('ca.pem'), 'utf8') + list)
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message))
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  async stop() {
    this.#server?.closeAllConnections()
    if (this.#server?.listening) await new Promise((resolve) => this.#server!.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    const query = await buffer(request)
    this.requests += 1
    const { behaviour } = this
    if (behaviour === 'down') return void request.socket.destroy()
    if (behaviour === 'failing') return void response.writeHead(500).end()
    if (behaviour === 'garbage') return void response.end(Buffer.from('<html>Bienvenue</html>'))
    if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, 400))
    if (behaviour === 'replaying' && this.#last) return void response.end(this.#last)
    const answer = await this.reply(
      behaviour === 'refusing' ? Buffer.from('3003020101', 'hex') : disturbed(query, behaviour),
      signerFor(behaviour)
    )
    if (behaviour === 'honest') this.#last = answer
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' })
    response.end(behaviour === 'altered' ? altered(answer) : answer)
  }

  /** What `openssl ts -reply` answers to a query. */
  async reply(query: Buffer, signer = 'tsa'): Promise<Buffer> {
    const name = `${process.pid}-${this.requests}-${Math.random().toString(36).slice(2)}`
    const [asked, answered] = [this.#at(`${name}.tsq`), this.#at(`${name}.tsr`)]
    writeFileSync(asked, query)
    const configuration = this.#write(`${name}.cnf`, tsaConfiguration(this.folder, name))
    await run('openssl', [
      ...['ts', '-reply', '-config', configuration, '-queryfile', asked, '-out', answered],
      ...['-signer', this.#at(`${signer}.pem`), '-inkey', this.#at(`${signer}.key`)],
      ...['-chain', this.#at(signer === 'stranger' ? 'nobody.pem' : 'ca.pem')],
    ])
    const answer = readFileSync(answered)
    for (const ending of ['tsq', 'tsr', 'cnf', 'serial'])
      rmSync(this.#at(`${name}.${ending}`), { force: true })
    return answer
  }

  #makeAuthority(authority: string, signer: string) {
    this.#openssl([
      ...[
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '3650',
        '-subj',
        `/O=Temps/CN=Racine ${authority}`,
      ],
      ...['-keyout', this.#at(`${authority}.key`), '-out', this.#at(`${authority}.pem`)],
      ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ])
    this.#issue(authority, signer, 'tsa')
  }

  #issue(authority: string, signer: string, kind: keyof typeof EXTENSIONS) {
    const request = this.#at(`${signer}.csr`)
    this.#openssl([
      ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/O=Temps/CN=Horodateur ${signer}`],
      ...['-keyout', this.#at(`${signer}.key`), '-out', request],
    ])
    this.#openssl([
      ...[
        'x509',
        '-req',
        '-in',
        request,
        '-days',
        '3000',
        '-CAcreateserial',
        '-out',
        this.#at(`${signer}.pem`),
      ],
      ...['-CA', this.#at(`${authority}.pem`), '-CAkey', this.#at(`${authority}.key`)],
      ...['-extfile', this.#write(`${kind}.ext`, EXTENSIONS[kind])],
    ])
  }

  #at = (name: string) => join(this.folder, name)

  #write(name: string, text: string): string {
    writeFileSync(this.#at(name), text)
    return this.#at(name)
  }

  #openssl = (args: string[]) =>
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

const signerFor = (behaviour: Behaviour) =>
  behaviour === 'untrusted' ? 'stranger' : behaviour === 'unfit' ? 'unfit' : 'tsa'

/** Another question than the one asked. The nonce is the last INTEGER, the imprint the OCTET STRING. */
function disturbed(query: Buffer, behaviour: Behaviour): Buffer {
  const changed = Buffer.from(query)
  if (behaviour === 'other_nonce') changed[changed.lastIndexOf(Buffer.from([0x02, 0x08])) + 5]! ^= 0xff
  if (behaviour === 'other_content') changed[changed.indexOf(Buffer.from([0x04, 0x20])) + 9]! ^= 0xff
  return changed
}

function altered(answer: Buffer): Buffer {
  const changed = Buffer.from(answer)
  changed[changed.length - 10]! ^= 0x01
  return changed
}

const tsaConfiguration = (folder: string, name: string) => `
[tsa]
default_tsa = here
[here]
dir = ${folder}
serial = ${join(folder, `${name}.serial`)}
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

function crlConfiguration(folder: string): string {
  writeFileSync(join(folder, 'index.txt'), '')
  return `
[ca]
default_ca = here
[here]
database = ${join(folder, 'index.txt')}
certificate = ${join(folder, 'ca.pem')}
private_key = ${join(folder, 'ca.key')}
default_md = sha256
default_crl_days = 3000
`
}
