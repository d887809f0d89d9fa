import db from '@adonisjs/lucid/services/db'
import { civilDateAt, type Instant } from '#shared/clock'
import type { Failed, TimedWork } from '#scheduler/timed_work'

/**
 * Everything that time sets off, in the order that makes one pass enough: money first, so
 * that nobody who paid is written to; then what is due, the letters it made, what leaves.
 */
export const TIMED_WORK: readonly TimedWork[] = [
  {
    name: 'payments.attempts',
    async run(at) {
      const { SettleAttempts } = await import('#payments/actions/settle_attempts')
      return { done: { attempts: await new SettleAttempts().handle(at) } }
    },
  },
  {
    name: 'payments.inbox',
    async run(at) {
      const { workStripeInbox } = await import('#payments/inbox')
      const { worked, posted, failed } = await workStripeInbox(at)
      return {
        done: { events: worked, payments: posted },
        failed:
          failed > 0 ? [{ work: 'payments.inbox', reason: `${failed} event(s) wait for a person` }] : [],
      }
    },
  },
  {
    name: 'banking.statements',
    async run(at, signal) {
      const { ImportStatement } = await import('#banking/actions/import_statement')
      const { JudgeLines } = await import('#banking/actions/judge_lines')
      const statements = await new ImportStatement().resume(at)
      const { matched, failed } = await new JudgeLines().handle(signal)
      return {
        done: { statements, transfers: matched },
        failed: failed.map(({ lineId, reason }) => ({ work: 'banking.statements', id: lineId, reason })),
      }
    },
  },
  {
    name: 'payments.instalments',
    async run(at, signal) {
      const { ChargeInstalments } = await import('#payments/plans/actions/charge_instalments')
      const { charged, refused } = await new ChargeInstalments().handle(at, signal)
      return { done: { instalments: charged, instalmentsRefused: refused } }
    },
  },
  {
    name: 'payments.plans',
    async run(at) {
      const { KeepPlans } = await import('#payments/plans/actions/keep_plans')
      const { lapsed, broken, ended, told } = await new KeepPlans().handle(at)
      return { done: { plansLapsed: lapsed, plansBroken: broken, plansEnded: ended, planNotices: told } }
    },
  },
  {
    name: 'payments.promises',
    async run(at) {
      const { EndPromises } = await import('#payments/plans/actions/end_promises')
      const { broken, expired } = await new EndPromises().handle(at)
      return { done: { promisesBroken: broken, offersExpired: expired } }
    },
  },
  {
    name: 'claims.pauses',
    async run(at) {
      const { default: LiftEndedPauses } = await import('#claims/actions/lift_ended_pauses')
      return { done: { resumed: await new LiftEndedPauses().handle(at) } }
    },
  },
  {
    name: 'mailings.facts',
    async run(at) {
      const { workMailingFacts } = await import('#registered_mail/inbox')
      const { worked, failed } = await workMailingFacts(at)
      return {
        done: { mailings: worked },
        failed:
          failed > 0 ? [{ work: 'mailings.facts', reason: `${failed} mailing(s) could not be worked` }] : [],
      }
    },
  },
  {
    name: 'campaigns.due',
    async run(at, signal) {
      const { carryOutDue } = await import('#campaigns/due/work')
      const { deferred, ...done } = await carryOutDue(at, signal)
      return { done, deferred }
    },
  },
  {
    name: 'letters.render',
    async run(at, signal) {
      const { RenderLetters } = await import('#letters/actions/render_letters')
      const outcome = await new RenderLetters().handle({ on: civilDateAt(at), signal })
      return {
        done: { rendered: outcome.rendered, lettersCancelled: outcome.cancelled },
        failed: outcome.failed.map(({ letterId, ref, reason }) => ({
          work: 'letters.render',
          id: letterId,
          reason: `${ref}: ${reason}`,
        })),
      }
    },
  },
  {
    name: 'registered_mail.ere',
    async run(at, signal) {
      const { workEres } = await import('#registered_mail/ere/work_eres')
      const { deposited, acknowledged, expired, reminders, failed } = await workEres(at, signal)
      return {
        done: {
          eres: deposited,
          ereAcknowledgements: acknowledged,
          eresExpired: expired,
          ereReminders: reminders,
        },
        failed: failed.map(({ ereId, reason }) => ({ work: 'registered_mail.ere', id: ereId, reason })),
      }
    },
  },
  {
    name: 'letters.batches',
    async run(_, signal) {
      const { workBatches } = await import('#letters/batches/background')
      return { done: { batches: await workBatches(signal) } }
    },
  },
  {
    name: 'payments.receipts',
    async run(_, signal) {
      const { PrintReceipts } = await import('#payments/actions/print_receipts')
      const { printed, failed } = await new PrintReceipts().handle(signal)
      return {
        done: { receipts: printed },
        failed: failed.map(({ receiptId, reason }) => ({ work: 'payments.receipts', id: receiptId, reason })),
      }
    },
  },
  {
    name: 'payments.acknowledgements',
    async run(_, signal) {
      const { PrintAcknowledgements } = await import('#payments/plans/actions/print_acknowledgements')
      const { printed, failed } = await new PrintAcknowledgements().handle(signal)
      return {
        done: { acknowledgements: printed },
        failed: failed.map(({ id, reason }) => ({ work: 'payments.acknowledgements', id, reason })),
      }
    },
  },
  {
    name: 'registered_mail.evidence',
    async run(_, signal) {
      const { keepEvidence } = await import('#registered_mail/evidence/keep_evidence')
      const { problem, ...done } = await keepEvidence(signal)
      return {
        done,
        failed: problem ? [{ work: 'registered_mail.evidence', reason: problem }] : [],
      }
    },
  },
  {
    name: 'deliveries',
    async run(at) {
      const { deliverDue } = await import('#deliveries/deliver_due')
      const { sent, cancelled, failed, uncertain } = await deliverDue(at)
      return {
        done: { sent, cancelled },
        failed: failed + uncertain > 0 ? await unsent(at) : [],
      }
    },
  },
  {
    name: 'mailings.news',
    async run(at, signal) {
      const { askProviders } = await import('#registered_mail/ask_providers')
      const { asked, proofs, failed } = await askProviders(at, signal)
      return {
        done: { mailingsAsked: asked, proofs },
        failed: failed.map(({ mailingId, reason }) => ({ work: 'mailings.news', id: mailingId, reason })),
      }
    },
  },
]

/** The rows of this pass that a person must look at. */
async function unsent(at: Instant): Promise<Failed[]> {
  const rows = await db
    .from('deliveries')
    .whereIn('state', ['failed', 'uncertain'])
    .where('updated_at', '>=', at)
    .orderBy('id')
    .select('id', 'state', 'reason')
  return rows.map(({ id, state, reason }) => ({
    work: 'deliveries',
    id: Number(id),
    reason: `${state}: ${reason}`,
  }))
}
