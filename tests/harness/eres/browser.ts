import type { Party } from '#tests/harness/eres/installation'
import { Recipient } from '#tests/fixtures/recipient'

/** The process died before it answered. */
export class Unanswered extends Error {}

/** A recipient's browser, at an address of its own. */
export class Browser extends Recipient {
  constructor(
    private readonly party: Party,
    private readonly address: string
  ) {
    super(party.url)
  }

  override async send(...[method, path, { headers, ...sending } = {}]: Parameters<Recipient['send']>) {
    const asked = { ...sending, headers: { ...headers, 'x-forwarded-for': this.address } }
    const reply = await this.party.surviving(() => super.send(method, path, asked))
    if (!reply) throw new Unanswered()
    if (reply.status >= 500) this.party.errors.push(`${method} ${path} answered ${reply.status}`)
    return reply
  }
}
