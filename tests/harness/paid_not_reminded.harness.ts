import { setTimeout as sleep } from 'node:timers/promises'
import { startApplication } from '#tests/harness/application'
import { SmtpSink } from '#tests/fakes/smtp_sink'
import { between, seeded } from '#tests/fakes/stripe/random'
import type { Checkpoint } from '#deliveries/checkpoints'
import type { Harness } from '#tests/harness/harness'

/** When the payment commits: before the tick, once the reminder is queued, at a step of its way out, or at any time. */
const MOMENTS = ['due', 'queued', 'leased', 'composed', 'departed', 'handed_over', 'any', 'never'] as const
type Moment = (typeof MOMENTS)[number]

/** From `departed` on it has been handed to the wire: the payment came after it. */
const TOO_LATE: readonly Moment[] = ['departed', 'handed_over', 'never']

interface Debtor {
  claimId: number
  ref: string
  email: string
  moment: Moment
  paidAt: number | null
  composedAt: number | null
}

const ON = '2026-11-24'
const AT = '2026-11-24T09:00:00.000Z'

/**
 * Bar 7: a debtor who pays is not reminded after the payment commits. Each debtor has a
 * reminder due and pays at another moment of its way, over real SMTP, four at a time.
 */
export default {
  short: 50,
  long: 500,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const { clock } = await import('#shared/clock')
    const { tick } = await import('#scheduler/tick')
    const { TIMED_WORK } = await import('#scheduler/work')
    const { listenAtCheckpoints } = await import('#deliveries/checkpoints')
    const { smtpDriver } = await import('#deliveries/drivers/smtp')
    const { useDriver } = await import('#deliveries/drivers/registry')
    const world = await import('#tests/harness/campaigns/world')
    const { default: db } = await import('@adonisjs/lucid/services/db')
    const sink = await SmtpSink.start()
    sink.delayMs = () => between(random, 0, 6)
    useDriver('email', smtpDriver(sink.settings, 5000))
    try {
      const debtors: Debtor[] = []
      for (const { id, ref, email } of await world.givenReminders(size, ON)) {
        const moment = MOMENTS[debtors.length % MOMENTS.length]!
        debtors.push({ claimId: id, ref, email, moment, paidAt: null, composedAt: null })
      }
      const byClaim = new Map(debtors.map((debtor) => [debtor.claimId, debtor]))
      const pay = async (debtor: Debtor) => {
        await clock.at(AT, () => world.payInFull(debtor.claimId))
        debtor.paidAt = performance.now()
      }
      const payAll = (moment: Moment) => Promise.all(debtors.filter((one) => one.moment === moment).map(pay))

      listenAtCheckpoints(async (checkpoint: Checkpoint, deliveryId: number) => {
        const row = await db.from('deliveries').where('id', deliveryId).select('claim_id', 'recipe').first()
        const debtor = row?.recipe === 'campaigns.reminder' ? byClaim.get(Number(row.claim_id)) : undefined
        if (!debtor) return
        if (checkpoint === 'composed') debtor.composedAt = performance.now()
        if (debtor.moment === checkpoint) await pay(debtor)
      })
      const only = (name: string) => TIMED_WORK.filter((work) => work.name === name)
      await payAll('due')
      await tick(AT, { work: only('campaigns.due') })
      await payAll('queued')
      const anyTime = debtors
        .filter(({ moment }) => moment === 'any')
        .map((debtor) => sleep(between(random, 0, size * 20)).then(() => pay(debtor)))
      await Promise.all([tick(AT, { work: only('deliveries'), untilIdle: true }), ...anyTime])
      listenAtCheckpoints(null)

      const reminders = sink.taken.filter(({ raw }) => /^Subject: Votre dossier/m.test(String(raw)))
      const taken = (debtor: Debtor) => reminders.filter(({ to }) => to.includes(debtor.email)).length
      return {
        problems: debtors.flatMap((debtor) => problemsOf(debtor, taken(debtor))),
        reminded: reminders.length,
        paidInTime: debtors.filter((debtor) => taken(debtor) === 0).length,
      }
    } finally {
      await sink.stop()
      await application.stop()
    }
  },
} satisfies Harness

function problemsOf({ ref, moment, paidAt, composedAt }: Debtor, reminders: number): string[] {
  if (reminders > 1) return [`${ref} was reminded ${reminders} times`]
  if (TOO_LATE.includes(moment)) return reminders === 1 ? [] : [`${ref} was not reminded (paid: ${moment})`]
  const paidFirst = moment !== 'any' || (composedAt !== null && paidAt !== null && paidAt < composedAt)
  return paidFirst && reminders > 0 ? [`${ref} paid (${moment}) and was reminded after`] : []
}
