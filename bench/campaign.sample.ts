import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import Creditor from '#creditors/models/creditor'
import Mandate from '#creditors/models/mandate'
import Campaign from '#campaigns/models/campaign'
import Scenario from '#campaigns/models/scenario'
import ScenarioStep from '#campaigns/models/scenario_step'

/** A Monday at nine in Paris, within contact hours. */
export const AT = '2026-11-23T08:00:00.000Z'
const BEFORE = '2026-09-01T08:00:00.000Z'

/**
 * As many files as steps, each of a person of their own with an address and an email.
 * Odd files have had their first letter and are due an email; even ones are due that letter.
 */
export async function populate(files: number): Promise<Campaign> {
  const at = { createdAt: BEFORE, updatedAt: BEFORE }
  await Agency.create({
    name: 'Cabinet Amiable',
    addressLines: ['12 rue des Archives', '75004 PARIS'],
    insurer: 'Assurances du Palais',
    insurancePolicy: 'RCP',
    insuranceValidUntilOn: '2099-12-31',
    dedicatedIban: 'FR7630006000011234567890189',
    declarationOn: '2026-01-15',
    ...at,
  })
  const creditor = await Creditor.create({
    ref: 'C-1',
    name: 'STUDIO RIVAGE',
    addressLines: ['PARIS'],
    ...at,
  })
  await Mandate.create({
    creditorId: creditor.id,
    signedOn: '2026-01-10',
    basis: 'Factures',
    feeBps: 1200,
    remittanceDays: 30,
    guarantee: 'Assurance',
    createdAt: BEFORE,
  })
  const scenario = await Scenario.create({ slug: 'bench', kind: 'b2b', name: 'Bench', createdAt: BEFORE })
  for (const [position, channel] of [[1, 'letter'] as const, [2, 'email'] as const]) {
    await ScenarioStep.create({
      scenarioId: scenario.id,
      position,
      day: (position - 1) * 4,
      channel,
      mode: 'automatic',
      template: channel === 'letter' ? 'first_letter' : 'reminder_1',
    })
  }
  const campaign = await Campaign.create({
    ref: 'CA-1',
    creditorId: creditor.id,
    scenarioId: scenario.id,
    kind: 'b2b',
    name: 'Bench',
    launchedOn: '2026-11-23',
    createdAt: BEFORE,
  })
  await populateFiles(files, creditor.id)
  return campaign
}

/** Keys arrive in no order, as people's do. */
const PERSON = `'siren:' || substr('000000000' || ((i * 7919) % 1000003 + 100000000), -9)`

function populateFiles(files: number, creditorId: number) {
  const rows = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${files})`
  return transaction(async (trx) => {
    await trx.rawQuery(`${rows}
      insert into debtors (id, ref, creditor_id, kind, company_name, person_key, created_at, updated_at)
      select i, 'B-' || i, ${creditorId}, 'b2b', 'SOCIETE ' || i, ${PERSON} || '-' || i, '${BEFORE}', '${BEFORE}' from n`)
    await trx.rawQuery(`insert into addresses (debtor_id, street, postcode, city, created_at)
      select id, '14 rue des Carmes', '44000', 'NANTES', '${BEFORE}' from debtors`)
    await trx.rawQuery(`insert into contact_points (debtor_id, kind, value, created_at)
      select id, 'email', 'contact' || id || '@exemple.fr', '${BEFORE}' from debtors`)
    await trx.rawQuery(`insert into claims (id, ref, creditor_id, debtor_id, kind, status, launched_on,
        oldest_due_on, principal_cents, due_cents, first_letter_ref, first_letter_on, limitation_on,
        limitation_basis, last_activity_at, created_at)
      select id, 'AM-2026-' || id, ${creditorId}, id, 'b2b', 'active', '2026-11-23', '2026-04-01', 120000, 120000,
        case when id % 2 = 1 then 'AM-2026-' || id || '-L1' end, case when id % 2 = 1 then '2026-11-01' end,
        '2031-04-01', 'commercial', '${BEFORE}', '${BEFORE}' from debtors`)
    // As a launch leaves them once it has sorted them.
    await trx.rawQuery(`create table sorted_files (claim_id integer primary key, person_id bigint not null)`)
    await trx.rawQuery('insert into sorted_files select id, debtor_id from claims')
  })
}
