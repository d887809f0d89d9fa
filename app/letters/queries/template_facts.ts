import db from '@adonisjs/lucid/services/db'
import type { TemplateFacts } from '#letters/templates/context'

interface Asked {
  claimId: number
  actionId?: number | null
}

/**
 * What tags may name beyond the letter's content, for many files in few
 * queries. Who follows a file confirmed its step, or launched its campaign.
 */
export async function loadTemplateFacts(asked: readonly Asked[]) {
  const claimIds = [...new Set(asked.map(({ claimId }) => claimId))]
  const actionIds = [...new Set(asked.flatMap(({ actionId }) => actionId ?? []))]
  const files = await db
    .from('claims')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
    .whereIn('claims.id', claimIds)
    .select('claims.id', 'debtors.id as debtor_id', 'debtors.siren as debtor_siren')
    .select('creditors.ref', 'creditors.siren as creditor_siren', 'creditors.email as creditor_email')
  const contacts = await db
    .from('contact_points')
    .whereIn(
      'debtor_id',
      files.map((file) => file.debtor_id)
    )
    .whereNull('bounced_at')
    .orderBy('collection_contact', 'desc')
    .orderBy('id')
  const documents = await db
    .from('documents')
    .whereIn('claim_id', claimIds)
    .where('shown_to_debtor', true)
    .orderBy('id')
  const writers = await loadWriters(actionIds)

  return (claimId: number, actionId?: number | null): TemplateFacts => {
    const file = files.find(({ id }) => Number(id) === claimId)!
    const contact = (kind: string): string | null =>
      contacts.find((one) => one.debtor_id === file.debtor_id && one.kind === kind)?.value ?? null
    return {
      creditor: { ref: file.ref, siren: file.creditor_siren, email: file.creditor_email },
      debtor: {
        siren: file.debtor_siren,
        email: contact('email'),
        mobile: contact('mobile'),
        phone: contact('phone'),
      },
      writer: (actionId ? writers.get(actionId) : null) ?? null,
      documents: documents.filter((one) => Number(one.claim_id) === claimId).map(({ name }) => String(name)),
    }
  }
}

async function loadWriters(actionIds: number[]) {
  const rows = await db
    .from('actions')
    .join('campaigns', 'campaigns.id', 'actions.campaign_id')
    .joinRaw('join users on users.id = coalesce(actions.confirmed_by_id, campaigns.user_id)')
    .whereIn('actions.id', actionIds)
    .select('actions.id', 'users.full_name', 'users.email')
  return new Map(rows.map((row) => [Number(row.id), { name: row.full_name, email: row.email }]))
}
