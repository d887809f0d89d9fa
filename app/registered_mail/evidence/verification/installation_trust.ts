import { readFile } from 'node:fs/promises'
import { timestampSettings } from '#config/evidence'
import { sealAuthorities } from '#registered_mail/evidence/seal/current_seal'
import type { Trust } from '#registered_mail/evidence/verification/report'

/** What this installation knows of its own accord: its seal's authority, and who dates for it. */
export async function installationTrust(): Promise<Trust> {
  const own = await sealAuthorities()
  const { caFile } = timestampSettings
  return {
    ...(own.length > 0 ? { sealAuthority: own.join('') } : {}),
    ...(caFile ? { timestampAuthority: await readFile(caFile, 'utf8') } : {}),
  }
}
