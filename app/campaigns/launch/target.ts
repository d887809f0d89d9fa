import db from '@adonisjs/lucid/services/db'
import { idOrRef } from '#shared/numbering'
import Creditor from '#creditors/models/creditor'
import type { LaunchTarget } from '#campaigns/launch/eligibility'

export type TargetFound =
  | { found: true; creditorId: number; target: LaunchTarget }
  | {
      found: false
      reason: 'one_needed' | 'import_unknown' | 'import_not_committed' | 'creditor_unknown'
    }

/** The files a launch names: an import by its id or reference, or a creditor by its reference. */
export async function findLaunchTarget(asked: {
  importRef?: string
  creditorRef?: string
}): Promise<TargetFound> {
  if (Boolean(asked.importRef) === Boolean(asked.creditorRef)) return { found: false, reason: 'one_needed' }
  if (asked.creditorRef) {
    const creditor = await Creditor.findBy('ref', asked.creditorRef)
    if (!creditor) return { found: false, reason: 'creditor_unknown' }
    return { found: true, creditorId: creditor.id, target: { creditorId: creditor.id } }
  }
  const imported = await db
    .from('imports')
    .where(idOrRef(asked.importRef!), asked.importRef!)
    .select('id', 'creditor_id', 'state')
    .first()
  if (!imported) return { found: false, reason: 'import_unknown' }
  if (imported.state !== 'committed') return { found: false, reason: 'import_not_committed' }
  return {
    found: true,
    creditorId: Number(imported.creditor_id),
    target: { importId: Number(imported.id) },
  }
}
