import logger from '@adonisjs/core/services/logger'
import { addMilliseconds, clock, machineNow, type Instant } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import type { default as Delivery, Channel } from '#deliveries/models/delivery'
import SentMessage from '#deliveries/models/sent_message'
import type { Driver, Outcome, Session } from '#deliveries/drivers/driver'
import { mayStillSend, recipeNamed, type Cancellation, type Content, type Verdict } from '#deliveries/recipes'
import {
  emailMessage,
  printMessage,
  smsMessage,
  UnsendableMessage,
  type Message,
  type Sender,
} from '#deliveries/message'
import { openCopy, sealCopy } from '#deliveries/kept_copy'
import { reached } from '#deliveries/checkpoints'
import {
  conclude,
  settle,
  takeBack,
  verdictConclusion,
  type Conclusion,
  type Fate,
} from '#deliveries/settlement'

/** One worker's means. */
export interface Courier {
  driver: Driver
  session: Session
  sender: Sender
  leaseMs: number
  now(): Instant
}

type Prepared = { message: Message; kept: boolean }

/**
 * Takes a leased row through its states: composed, marked as leaving (from then
 * on it may have left), handed to the driver, settled. Each step is committed
 * before the next begins, so that whatever kills the process leaves a row that
 * says what is known.
 */
export async function deliverOne(delivery: Delivery, courier: Courier): Promise<Fate> {
  const prepared = await prepare(delivery, courier)
  if ('state' in prepared) return end(delivery, prepared, courier)
  await reached('composed', delivery.id)

  const departure = await depart(delivery, prepared, courier)
  if (departure === 'lost') return 'lost'
  if (departure !== 'departed') return end(delivery, departure, courier)
  await reached('departed', delivery.id)

  const outcome = await handOver(delivery, prepared.message, courier)
  await reached('handed_over', delivery.id)
  if (outcome.kind === 'withheld') return 'lost'
  const fate = await end(
    delivery,
    conclude(delivery.attempts, outcome, courier.driver, courier.now()),
    courier
  )
  await reached('settled', delivery.id)
  return fate
}

/** Never throws for the row's own fault: a poison message fails where people see it, and the others go. */
async function prepare(delivery: Delivery, courier: Courier): Promise<Prepared | Conclusion> {
  const at = courier.now()
  try {
    const composed = await clock.at(at, () => compose(delivery, courier, at))
    return composed && 'message' in composed ? composed : verdictConclusion(delivery.attempts, composed, at)
  } catch (error) {
    logger.error({ err: error, delivery: delivery.id, recipe: delivery.recipe }, 'cannot compose a delivery')
    const outcome: Outcome =
      error instanceof UnsendableMessage
        ? { kind: 'permanent', reason: error.code }
        : { kind: 'temporary', reason: `compose_failed: ${(error as Error).message}` }
    return conclude(delivery.attempts, outcome, courier.driver, at)
  }
}

/**
 * The message as it was first composed, or a new one: each attempt sends the
 * same bytes under the same Message-ID, so that a second copy can be known as one.
 */
async function compose(
  delivery: Delivery,
  courier: Courier,
  at: Instant
): Promise<Prepared | NonNullable<Verdict>> {
  const recipe = recipeNamed(delivery.recipe)
  if (!recipe) throw new UnsendableMessage('recipe_missing', delivery.recipe)
  const objection = await transaction((trx) => mayStillSend(trx, delivery, at))
  if (objection) return objection
  const kept = await SentMessage.findBy('deliveryId', delivery.id)
  if (kept) return { message: await keptMessage(delivery, kept), kept: true }

  const content = await recipe.compose(delivery, at)
  if ('cancel' in content) return content satisfies Cancellation
  if (channelOf(content) !== delivery.channel)
    throw new Error(`${delivery.recipe} composed for another channel than ${delivery.channel}`)
  return { message: await messageOf(content, delivery, courier, at), kept: false }
}

const channelOf = (content: Content): Channel =>
  'sms' in content ? 'sms' : 'fileSha256' in content ? 'print' : 'email'

function messageOf(content: Content, { recipient }: Delivery, { sender }: Courier, at: Instant) {
  if ('sms' in content) return smsMessage(content, recipient)
  if ('fileSha256' in content) return printMessage(content)
  return emailMessage(content, recipient, sender, at)
}

async function keptMessage(delivery: Delivery, kept: SentMessage): Promise<Message> {
  const bytes = await openCopy(kept.contentEncrypted, delivery.channel)
  if (sha256(bytes) !== delivery.messageSha256) throw new Error('the kept message was altered')
  return {
    bytes,
    subject: delivery.subject,
    recipient: delivery.recipient,
    messageId: delivery.messageId,
    fileHashes: [],
  }
}

/**
 * Commits that the row is about to leave, unless a guard objects or it is no longer ours. Whoever
 * posts a payment takes the same lock, so the guards see one committed before.
 */
async function depart(
  delivery: Delivery,
  { message, kept }: Prepared,
  courier: Courier
): Promise<'departed' | 'lost' | Conclusion> {
  const at = courier.now()
  const sealed = kept ? null : await sealCopy(message, delivery.channel)
  const leasedUntilAt = addMilliseconds(machineNow(), courier.leaseMs)
  const result = await transaction(async (trx) => {
    if (delivery.claimId) await lockClaim(trx, delivery.claimId)
    const objection = await mayStillSend(trx, delivery, at)
    if (objection) return verdictConclusion(delivery.attempts, objection, at)
    const ours = await takeBack(trx, delivery, {
      state: 'sending',
      provider: courier.driver.name,
      recipient: message.recipient,
      message_id: message.messageId,
      subject: message.subject,
      message_sha256: sha256(message.bytes),
      leased_until_at: leasedUntilAt,
      updated_at: at,
    })
    if (!ours) return 'lost'
    if (sealed) {
      await trx
        .table('sent_messages')
        .insert({ delivery_id: delivery.id, content_encrypted: sealed, created_at: at })
    }
    return 'departed'
  })
  if (result === 'departed') delivery.merge({ state: 'sending', leasedUntilAt, recipient: message.recipient })
  return result
}

/** The driver asks again, as late as it can, whether the lease still runs: a frozen process must not send. */
function handOver(delivery: Delivery, message: Message, courier: Courier): Promise<Outcome> {
  return courier.session.send(
    {
      key: delivery.key,
      channel: delivery.channel,
      recipient: message.recipient,
      sender: delivery.channel === 'email' ? courier.sender.address : '',
      bytes: message.bytes,
    },
    () => machineNow() < delivery.leasedUntilAt!
  )
}

async function end(delivery: Delivery, conclusion: Conclusion, courier: Courier): Promise<Fate> {
  if (!(await settle(delivery, conclusion, courier.now()))) {
    logger.warn({ delivery: delivery.id }, 'a lease ran out before its worker was done')
    return 'lost'
  }
  if (conclusion.state !== 'queued') return conclusion.state
  return conclusion.attempts > delivery.attempts ? 'retried' : 'deferred'
}
