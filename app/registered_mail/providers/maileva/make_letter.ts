import type { Outcome } from '#deliveries/drivers/driver'
import { objectsIn, textOf, type Json } from '#registered_mail/providers/http'
import { isRefusal, type Refusal } from '#registered_mail/providers/refusal'
import type { MailevaClient } from '#registered_mail/providers/maileva/client'
import { documentBody, type SendingForm } from '#registered_mail/providers/maileva/sending_form'
import {
  refusalOf,
  sendingOf,
  sendingsUnder,
  theOne,
  type Sending,
} from '#registered_mail/providers/maileva/sendings'

/**
 * One letter, whatever was done of it before: the sending under our key is
 * looked for, made if there is none, completed, and submitted. Whatever stops in
 * between leaves a draft, from which nothing leaves, that the next attempt
 * takes up; a lost answer to the submission is settled by reading the state.
 */
export async function makeLetter(
  client: MailevaClient,
  form: SendingForm,
  mayLeave: () => boolean
): Promise<Outcome> {
  const before = await sendingsUnder(client, form.api, form.customId)
  if (isRefusal(before)) return before
  const known = theOne(before)
  if (known && known.status !== 'DRAFT') return takenAs(known)
  if (!mayLeave()) return { kind: 'withheld' }

  const draft = known ?? (await created(client, form))
  if (isRefusal(draft)) return draft
  const trouble = known ? await completed(client, form, known.id) : await filled(client, form, draft.id)
  if (trouble) return withoutDraft(client, form, draft, trouble)
  return submitted(client, form, draft, mayLeave)
}

/** A new draft, unless another process made one at the same moment: then that one goes on, alone. */
async function created(client: MailevaClient, form: SendingForm): Promise<Sending | Refusal> {
  const answer = await client.call({ method: 'POST', path: `${form.api}/sendings`, json: form.sending })
  if (answer.kind !== 'done') return refusalOf(answer, 'a new sending')
  const id = textOf(answer.body?.id) ?? /\/sendings\/([^/?#]+)/.exec(answer.location ?? '')?.[1]
  if (!id) return { kind: 'temporary', reason: 'a new sending: the answer has no id' }
  const ours = await sendingsUnder(client, form.api, form.customId)
  if (isRefusal(ours)) return ours
  const one = theOne(ours)
  if (one && one.id !== id)
    return { kind: 'temporary', reason: `sending ${one.id} is under way for this letter` }
  return { id, status: 'DRAFT', detail: null, createdAt: '' }
}

/** @returns what stopped it, null when the draft has its document and its addressee */
async function filled(client: MailevaClient, form: SendingForm, id: string): Promise<Refusal | null> {
  return (await addDocument(client, form, id)) ?? (await addRecipient(client, form, id))
}

async function addDocument(client: MailevaClient, form: SendingForm, id: string): Promise<Refusal | null> {
  const path = `${form.api}/sendings/${id}/documents`
  const answer = await client.call({ method: 'POST', path, multipart: documentBody(form.document) })
  return answer.kind === 'done' ? null : refusalOf(answer, 'the document')
}

async function addRecipient(client: MailevaClient, form: SendingForm, id: string): Promise<Refusal | null> {
  const path = `${form.api}/sendings/${id}/recipients`
  const answer = await client.call({ method: 'POST', path, json: form.recipient })
  return answer.kind === 'done' ? null : refusalOf(answer, 'the addressee')
}

/** A draft that was left: what is missing is added, and what is there twice, or is not ours, is taken away. */
async function completed(client: MailevaClient, form: SendingForm, id: string): Promise<Refusal | null> {
  const path = `${form.api}/sendings/${id}`
  const documents = await listed(client, `${path}/documents`, 'documents', '30')
  if (isRefusal(documents)) return documents
  const kept = documents.findIndex(({ size }) => Number(size) === form.document.bytes.byteLength)
  for (const [index, document] of documents.entries()) {
    if (index === kept) continue
    const trouble = await removed(client, `${path}/documents/${textOf(document.id)}`)
    if (trouble) return trouble
  }
  const withoutDocument = kept < 0 ? await addDocument(client, form, id) : null
  if (withoutDocument) return withoutDocument

  const recipients = await listed(client, `${path}/recipients`, 'recipients', '50')
  if (isRefusal(recipients)) return recipients
  if (recipients.length === 1 && isSame(recipients[0]!, form.recipient)) return null
  const trouble = recipients.length > 0 ? await removed(client, `${path}/recipients`) : null
  return trouble ?? (await addRecipient(client, form, id))
}

async function listed(
  client: MailevaClient,
  path: string,
  key: string,
  count: string
): Promise<Json[] | Refusal> {
  const answer = await client.call({ method: 'GET', path, query: { start_index: '1', count } })
  if (answer.kind !== 'done' || !Array.isArray(answer.body?.[key])) return refusalOf(answer, `the ${key}`)
  return objectsIn(answer.body[key])
}

async function removed(client: MailevaClient, path: string): Promise<Refusal | null> {
  const answer = await client.call({ method: 'DELETE', path })
  const gone = answer.kind === 'done' || (answer.kind === 'declined' && answer.status === 404)
  return gone ? null : refusalOf(answer, 'what a draft had too much')
}

const isSame = (theirs: Json, ours: Json) =>
  Object.entries(ours)
    .filter(([key]) => key.startsWith('address_line_'))
    .every(([key, line]) => textOf(theirs[key]) === line)

async function submitted(
  client: MailevaClient,
  form: SendingForm,
  draft: Sending,
  mayLeave: () => boolean
): Promise<Outcome> {
  const path = `${form.api}/sendings/${draft.id}`
  const answer = await client.call({ method: 'POST', path: `${path}/submit`, mayLeave })
  if (answer.kind === 'done') return { kind: 'sent', providerRef: draft.id }
  if (answer.kind === 'withheld') return answer
  const cannotTell =
    answer.kind === 'declined'
      ? answer.codes.includes('SENDING_STATUS_IS_NOT_DRAFT')
      : answer.kind === 'unanswered'
  const refusal = refusalOf(answer, 'the submission')
  if (!cannotTell) return withoutDraft(client, form, draft, refusal)

  const state = await client.call({ method: 'GET', path })
  const now = state.kind === 'done' && state.body ? sendingOf(state.body) : null
  if (now && now.status !== '' && now.status !== 'DRAFT') return takenAs({ ...now, id: draft.id })
  // Still a draft: the submission was lost, or is not done yet. Submitting it again cannot make another letter.
  return { ...refusal, kind: 'unanswered' }
}

/** A letter that was taken, or that was and is refused since. */
function takenAs({ id, status, detail }: Sending): Outcome {
  return status === 'REJECTED' || status === 'CANCELED'
    ? { kind: 'permanent', reason: [status, detail].filter(Boolean).join(': ') }
    : { kind: 'sent', providerRef: id }
}

/** What will never leave leaves no draft either that a person could submit by mistake; at worst it stays there. */
async function withoutDraft(
  client: MailevaClient,
  form: SendingForm,
  draft: Sending,
  refusal: Refusal
): Promise<Refusal> {
  if (refusal.kind === 'permanent') {
    await client.call({ method: 'DELETE', path: `${form.api}/sendings/${draft.id}` })
  }
  return refusal
}
