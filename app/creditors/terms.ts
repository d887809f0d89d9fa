import { readFile } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { sha256 } from '#shared/files'
import TermsAcceptance from '#creditors/models/terms_acceptance'

/** The operating conditions in force; a change of text is a new file and a new version. */
const VERSION = '2026-11'

export type Terms = { version: string; text: string; textSha256: string }

export async function currentTerms(): Promise<Terms> {
  const text = await readFile(app.makePath('resources', 'terms', 'fr', `${VERSION}.md`), 'utf8')
  return { version: VERSION, text, textSha256: sha256(text) }
}

export type Acceptance = {
  creditorId: number
  userId: number | null
  importId: number | null
  ip: string | null
}

/** Records who accepted which text (R18). Accepting the same version twice for one import changes nothing. */
export async function acceptTerms(
  trx: TransactionClientContract,
  { version, textSha256 }: Terms,
  { creditorId, userId, importId, ip }: Acceptance
) {
  const same = await TermsAcceptance.query({ client: trx })
    .where({ creditorId, version, textSha256 })
    .where((query) => (importId === null ? query.whereNull('importId') : query.where('importId', importId)))
    .first()
  if (same) return same
  return TermsAcceptance.create(
    { creditorId, userId, importId, version, textSha256, ip, acceptedAt: clock.now() },
    { client: trx }
  )
}
