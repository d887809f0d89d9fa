import { isJson, objectsIn, textOf, type Json } from '#shared/http'
import { addressParts } from '#registered_mail/providers/address_lines'
import type { PostalOrder } from '#registered_mail/providers/provider'
import type { MerciFacteurClient } from '#registered_mail/providers/merci_facteur/client'
import {
  address,
  MODES,
  plainReference,
  type MerciFacteurAddress,
} from '#registered_mail/providers/merci_facteur/order_form'

/** How a second `antidoublon` is declined. The guides say that there is an error, not which one. */
export const isAlreadyTaken = (code: string, said: string) => /doublon|duplicat/i.test(`${code} ${said}`)

/** The id in an answer, however it is spelt. */
export function sendingIdIn(body: Json | null): string | null {
  if (!body) return null
  const id = textOf(body.envoi_id) ?? textOf(body.idEnvoi) ?? textOf(body.id_envoi)
  return id ?? (isJson(body.error) ? sendingIdIn({ ...body.error, error: null }) : null)
}

/**
 * The id of a letter that was taken while its answer was lost: among the 50 last sendings,
 * the only one with this mode and this very addressee, or one that bears our
 * reference. No document lists a reference in these answers; it is read if it is there.
 *
 * @returns null when there is none, or several that cannot be told apart: a
 *   letter is never followed under another's name
 */
export async function findTaken(
  client: MerciFacteurClient,
  userId: string | null,
  order: PostalOrder
): Promise<string | null> {
  const parts = addressParts(order.recipient, 'addressee')
  if (typeof parts === 'string' || !userId) return null
  const reference = plainReference(order.reference)
  const wanted = address(parts, { isPerson: order.recipientIsPerson, email: '', reference: '' })

  const list = await client.call({ method: 'GET', path: '/listEnvois', query: { idUser: userId } })
  if (list.kind !== 'done') return null
  const found: string[] = []
  const endsAt = performance.now() + PATIENCE_MS
  for (const id of likelyOnes(list.body, order)) {
    const sending = await client.call({ method: 'GET', path: '/getEnvoi', query: { idEnvoi: id } })
    if (sending.kind !== 'done' || performance.now() > endsAt) return null
    const likeness = likenessOf(sending.body, wanted, reference)
    if (likeness === 'referenced') return id
    if (likeness === 'addressed') found.push(id)
  }
  return found.length === 1 ? found[0]! : null
}

/** The letter has left: looking for its id must not outlast a lease. */
const PATIENCE_MS = 30_000

function likelyOnes({ envois }: Json, order: PostalOrder): string[] {
  return objectsIn(envois)
    .filter(({ modeEnvoi }) => textOf(modeEnvoi)?.toLowerCase() === MODES[order.kind as keyof typeof MODES])
    .filter(({ nbDest }) => Number(nbDest ?? 1) === 1)
    .sort((one, other) => Number(other.date ?? 0) - Number(one.date ?? 0))
    .map(({ idEnvoi }) => textOf(idEnvoi))
    .filter((id) => id !== null)
}

const ADDRESS_KEYS = ['nom', 'societe', 'adresse1', 'adresse2', 'adresse3', 'cp', 'ville'] as const

function likenessOf(
  { envoi }: Json,
  wanted: MerciFacteurAddress,
  reference: string
): 'referenced' | 'addressed' | null {
  const sending = isJson(envoi) ? envoi : (objectsIn(envoi)[0] ?? {})
  const detail = isJson(sending.detail) ? sending.detail : (objectsIn(sending.detail)[0] ?? {})
  const recipient = isJson(detail.dest) ? detail.dest : (objectsIn(detail.dest)[0] ?? {})
  const theirs = [detail.ref_interne, detail.reference, recipient.ref_interne, recipient.reference]
    .map(textOf)
    .find(Boolean)
  if (theirs) return theirs === reference ? 'referenced' : null
  const same = ADDRESS_KEYS.every((key) => plain(recipient[key]) === plain(wanted[key]))
  return same ? 'addressed' : null
}

const plain = (value: unknown) =>
  (textOf(value) ?? '').normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').toUpperCase()
