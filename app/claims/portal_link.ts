import { randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { appUrl } from '#config/app'
import { clock, instantOf, type Instant } from '#shared/clock'
import { sha256 } from '#shared/files'
import PortalLink from '#claims/models/portal_link'

/** How long a debtor's link opens their file: a letter is often read late. */
export const PORTAL_LINK_MONTHS = 12

const TOKEN_BYTES = 32
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/
const ROWS_PER_INSERT = 500

export type MintedLink = { url: string; token: string }

/**
 * A new link to one file, for one letter or one message. The token exists only
 * in what is returned; the database keeps its SHA-256.
 *
 * @param origin what carries it, for example `letter` or `email`
 */
export async function mintLink(
  trx: TransactionClientContract,
  claimId: number,
  origin: string
): Promise<MintedLink> {
  const minted = await mintLinks(trx, [claimId], origin)
  return minted.get(claimId)!
}

/** One new link for each file, in few statements: the way for a batch of letters. */
export async function mintLinks(
  trx: TransactionClientContract,
  claimIds: readonly number[],
  origin: string
): Promise<Map<number, MintedLink>> {
  const createdAt = clock.now()
  const expiresAt = instantOf(DateTime.fromISO(createdAt).plus({ months: PORTAL_LINK_MONTHS }))
  const tokens = [...new Set(claimIds)].map((claimId) => ({ claimId, token: newToken() }))
  for (let start = 0; start < tokens.length; start += ROWS_PER_INSERT) {
    await trx.table('portal_links').multiInsert(
      tokens.slice(start, start + ROWS_PER_INSERT).map(({ claimId, token }) => ({
        claim_id: claimId,
        token_sha256: sha256(token),
        origin,
        expires_at: expiresAt,
        created_at: createdAt,
      }))
    )
  }
  return new Map(tokens.map(({ claimId, token }) => [claimId, { token, url: `${appUrl}/p/${token}` }]))
}

/**
 * The link a token opens now. Unknown, malformed, expired and revoked are the
 * same null, so that nothing tells them apart.
 */
export async function findLink(token: string, at: Instant = clock.now()): Promise<PortalLink | null> {
  if (!TOKEN_SHAPE.test(token)) return null
  return PortalLink.query()
    .where('tokenSha256', sha256(token))
    .where('expiresAt', '>', at)
    .whereNull('revokedAt')
    .first()
}

/** The link a session was opened with, while it still opens that file. */
export async function findOpenLink(
  linkId: number,
  claimId: number,
  at: Instant = clock.now()
): Promise<PortalLink | null> {
  return PortalLink.query()
    .where('id', linkId)
    .where('claimId', claimId)
    .where('expiresAt', '>', at)
    .whereNull('revokedAt')
    .first()
}

/** Ends every link to a file, and with them the sessions they opened. */
export async function revokeLinks(trx: TransactionClientContract, claimId: number): Promise<void> {
  await trx
    .from('portal_links')
    .where('claim_id', claimId)
    .whereNull('revoked_at')
    .update({ revoked_at: clock.now() })
}

const newToken = () => randomBytes(TOKEN_BYTES).toString('base64url')
