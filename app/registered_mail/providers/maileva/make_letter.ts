import type { Outcome } from '#deliveries/drivers/driver'
import { textOf } from '#shared/http'
import type { MailevaAnswer, MailevaCall, MailevaClient } from '#registered_mail/providers/maileva/client'
import { documentBody, type SendingForm } from '#registered_mail/providers/maileva/sending_form'
import {
  isStop,
  sendingOf,
  sendingsUnder,
  stopOf,
  theOne,
  type Sending,
  type Stop,
} from '#registered_mail/providers/maileva/sendings'

/**
 * One letter, whatever was done of it before. Only submitting a sending makes a
 * letter, and only the attempt that made a draft submits it: drafts that earlier attempts left under
 * our key are deleted, not completed, so that nothing of theirs that comes late ends in
 * the envelope. Maileva refuses to delete what is submitted and to submit what is
 * deleted, so of two attempts one at most succeeds. A lost answer to the submission is settled
 * by reading the state; a submitted sending under our key is the letter.
 *
 * @param mayLeave asked before each request that changes something: an attempt that is no
 *   longer the letter's stops there
 */
export async function makeLetter(
  client: MailevaClient,
  form: SendingForm,
  mayLeave: () => boolean
): Promise<Outcome> {
  const before = await sendingsUnder(client, form.api, form.customId)
  if (isStop(before)) return before
  const known = theOne(before)
  if (known && known.status !== 'DRAFT') return takenAs(known)
  return new Attempt(client, form, mayLeave, before).make()
}

class Attempt {
  constructor(
    private readonly client: MailevaClient,
    private readonly form: SendingForm,
    private readonly mayLeave: () => boolean,
    /** The drafts that were there when it began. */
    private readonly left: readonly Sending[]
  ) {}

  async make(): Promise<Outcome> {
    for (const { id } of this.left) {
      const stop = await this.#delete(id)
      if (stop) return stop
    }
    const id = await this.#create()
    if (typeof id !== 'string') return id
    const stop = (await this.#isAlone(id)) ?? (await this.#addDocument(id)) ?? (await this.#addRecipient(id))
    if (stop) return this.#withoutDraft(id, stop)
    return this.#submit(id)
  }

  /** A draft that cannot be deleted, for a reason that says nothing of it, stays a draft: nobody submits it. */
  async #delete(id: string): Promise<Stop | null> {
    const answer = await this.#write({ method: 'DELETE', path: this.#path(id) })
    if (answer.kind === 'done') return null
    if (answer.kind !== 'declined') return stopOf(answer, 'an earlier draft')
    return isNotDraft(answer)
      ? { kind: 'temporary', reason: `sending ${id} was submitted meanwhile for this letter` }
      : null
  }

  async #create(): Promise<string | Stop> {
    const path = `${this.form.api}/sendings`
    const answer = await this.#write({ method: 'POST', path, json: this.form.sending })
    if (answer.kind !== 'done') return stopOf(answer, 'a new sending')
    const id = textOf(answer.body?.id) ?? /\/sendings\/([^/?#]+)/.exec(answer.location ?? '')?.[1]
    return id ?? { kind: 'temporary', reason: 'a new sending: the answer has no id' }
  }

  /** Of two attempts that began at the same moment, the one whose draft was made first goes on. */
  async #isAlone(id: string): Promise<Stop | null> {
    const ours = await sendingsUnder(this.client, this.form.api, this.form.customId)
    if (isStop(ours)) return ours
    const one = theOne(ours.filter((sending) => !this.left.some((old) => old.id === sending.id)))
    if (!one || one.id === id) return null
    await this.#write({ method: 'DELETE', path: this.#path(id) })
    return { kind: 'temporary', reason: `sending ${one.id} is under way for this letter` }
  }

  async #addDocument(id: string): Promise<Stop | null> {
    const path = `${this.#path(id)}/documents`
    const answer = await this.#write({ method: 'POST', path, multipart: documentBody(this.form.document) })
    return answer.kind === 'done' ? null : stopOf(answer, 'the document', 'temporary')
  }

  async #addRecipient(id: string): Promise<Stop | null> {
    const path = `${this.#path(id)}/recipients`
    const answer = await this.#write({ method: 'POST', path, json: this.form.recipient })
    return answer.kind === 'done' ? null : stopOf(answer, 'the addressee', 'temporary')
  }

  async #submit(id: string): Promise<Outcome> {
    const answer = await this.#write({ method: 'POST', path: `${this.#path(id)}/submit` })
    if (answer.kind === 'done') return { kind: 'sent', providerRef: id }
    const stop = stopOf(answer, 'the submission', 'temporary')
    if (answer.kind !== 'unanswered' && !isNotDraft(answer)) return this.#withoutDraft(id, stop)

    const state = await this.client.call({ method: 'GET', path: this.#path(id) })
    const now = state.kind === 'done' && state.body ? sendingOf(state.body) : null
    if (now && now.status !== '' && now.status !== 'DRAFT') return takenAs({ ...now, id })
    return { kind: 'unanswered', reason: 'reason' in stop ? stop.reason : 'the submission' }
  }

  /** What will never leave leaves no draft either that a person could submit by mistake; at worst it stays there. */
  async #withoutDraft(id: string, stop: Stop): Promise<Stop> {
    if (stop.kind === 'permanent') await this.#write({ method: 'DELETE', path: this.#path(id) })
    return stop
  }

  #write(call: MailevaCall): Promise<MailevaAnswer> {
    return this.client.call({ ...call, mayLeave: this.mayLeave })
  }

  #path = (id: string) => `${this.form.api}/sendings/${encodeURIComponent(id)}`
}

const isNotDraft = (answer: MailevaAnswer) =>
  answer.kind === 'declined' && answer.codes.includes('SENDING_STATUS_IS_NOT_DRAFT')

/** A letter that was taken, or that was and is refused since. */
function takenAs({ id, status, detail }: Sending): Outcome {
  return status === 'REJECTED' || status === 'CANCELED'
    ? { kind: 'permanent', reason: [status, detail].filter(Boolean).join(': ') }
    : { kind: 'sent', providerRef: id }
}
