import { randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { appUrl } from '#config/app'
import { clock, instantOf, type Instant } from '#shared/clock'
import { sha256 } from '#shared/files'
import EreLink from '#registered_mail/ere/models/ere_link'

/** The letter stays readable for whoever accepted it, as long as a file's own link does. */
const LINK_MONTHS = 12
const TOKEN_BYTES = 32
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/

/** A new link to one ERE, for one email. The token exists only in what is returned. */
export async function mintEreLink(
  trx: TransactionClientContract,
  ereId: number
): Promise<{ url: string; token: string }> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const createdAt = clock.now()
  await EreLink.create(
    {
      ereId,
      tokenSha256: sha256(token),
      createdAt,
      expiresAt: instantOf(DateTime.fromISO(createdAt).plus({ months: LINK_MONTHS })),
    },
    { client: trx }
  )
  return { token, url: `${appUrl}/ere/${token}` }
}

/** The link a token opens now; unknown, malformed, expired and revoked are the same null. */
export async function findEreLink(token: string, at: Instant = clock.now()): Promise<EreLink | null> {
  if (!TOKEN_SHAPE.test(token)) return null
  return standing(at).where('tokenSha256', sha256(token)).first()
}

/** The link a session was opened with, while it still opens that ERE. */
export const findOpenEreLink = (linkId: number, ereId: number, at: Instant = clock.now()) =>
  standing(at).where({ id: linkId, ereId }).first()

/** An address that was corrected must not go on opening the letter. */
export const revokeEreLinks = (trx: TransactionClientContract, ereId: number) =>
  trx.from('ere_links').where('ere_id', ereId).whereNull('revoked_at').update({ revoked_at: clock.now() })

const standing = (at: Instant) => EreLink.query().where('expiresAt', '>', at).whereNull('revokedAt')
