import { addMinutes, type Instant } from '#shared/clock'
import type Delivery from '#deliveries/models/delivery'
import { MAX_ATTEMPTS, minutesAfter } from '#deliveries/attempts'
import { driverOf } from '#deliveries/drivers/registry'
import { expiredLeases } from '#deliveries/lease'
import { settle, type Conclusion } from '#deliveries/settlement'

/**
 * Takes up the rows of workers that died or froze. Before leaving (`leased`) a
 * row is simply tried again, later than the others, and given up when it keeps
 * killing its workers. While leaving (`sending`) it is tried again only with a
 * provider that honours our key; by SMTP it becomes `uncertain`, for a person.
 */
export async function recoverExpired(at: Instant): Promise<void> {
  for (const delivery of await expiredLeases('leased')) await settle(delivery, interrupted(delivery, at), at)
  for (const delivery of await expiredLeases('sending')) {
    await settle(delivery, interruptedOnTheWay(delivery, at), at)
  }
}

function interrupted({ attempts: before }: Delivery, at: Instant): Conclusion {
  const attempts = before + 1
  if (attempts >= MAX_ATTEMPTS) return { state: 'failed', reason: 'interrupted_too_often', attempts }
  const notBeforeAt = addMinutes(at, minutesAfter(attempts))
  return { state: 'queued', reason: 'interrupted', attempts, notBeforeAt }
}

function interruptedOnTheWay(delivery: Delivery, at: Instant): Conclusion {
  const attempts = delivery.attempts + 1
  const driver = driverOf(delivery)
  const safeToRepeat = driver?.keyed && driver.name === delivery.provider && attempts < MAX_ATTEMPTS
  const notBeforeAt = addMinutes(at, driver?.settlesInMinutes ?? 0)
  return safeToRepeat
    ? { state: 'queued', reason: 'interrupted', attempts, notBeforeAt }
    : { state: 'uncertain', reason: 'interrupted', attempts }
}
