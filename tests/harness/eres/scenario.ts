import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import { addMilliseconds, addMinutes, clock, machineNow, type Instant } from '#shared/clock'
import { isOpened, RUNNING, type EreState } from '#registered_mail/ere/states'
import { between, type Random } from '#tests/fakes/stripe/random'
import { givenClaim, type ClaimValues } from '#tests/fixtures/domain'
import {
  codeOf,
  contactTime,
  givenConsent,
  givenPosted,
  givenWrittenEre,
  lastContactTime,
  linkOf,
} from '#tests/fixtures/ere'
import { PIXEL } from '#tests/fixtures/recipient'
import type Ere from '#registered_mail/ere/models/ere'
import { Browser, Unanswered } from '#tests/harness/eres/browser'
import { forbidden, problemsOf } from '#tests/harness/eres/check'
import type { Party } from '#tests/harness/eres/installation'
import type { About, OrderName } from '#tests/harness/eres/orders'

export interface World {
  parties: Party[]
  random: Random
  figures: { rivals: number; unanswered: number }
}

/** One ERE, and the two browsers that have its link. */
interface Sending {
  ere: Ere
  about: About
  /** That a letter on paper bears, for all the sendings of its debtor. */
  printed: string | null
  browsers: Browser[]
}

type Rival = () => Promise<unknown>

const PERIOD_MINUTES = 24 * 60
const PRINTED = '48219036'
/** A notice that is put off to another day is no defect; anything else has left long before. */
const HOURS_TO_LEAVE = 30

/** One ERE, or two of one debtor, from deposit to wherever rivals that act at once take them. */
export async function play(world: World, index: number): Promise<{ sendings: About[]; problems: string[] }> {
  const { random } = world
  const sendings = await deposited(world, index)
  const [sending] = sendings
  await prepared(world, sending!)
  for (let left = between(random, 2, 4); left > 0; left--) await clash(world, sendings)
  const problems: string[] = []
  for (const one of sendings) problems.push(...(await settled(world, one)))
  return { sendings: sendings.map(({ about }) => about), problems }
}

/** Written, sealed by processes that meet or die on the way, and notified. */
async function deposited(world: World, index: number): Promise<Sending[]> {
  const { random } = world
  const at = lastContactTime()
  const values: ClaimValues = { kind: chance(random, 0.5) ? 'b2b' : 'b2c', claim: { status: 'active' } }
  const claim = await givenClaim(values)
  const claims = [claim]
  if (chance(random, 0.2)) {
    const twin = await givenClaim({
      ...values,
      creditor: await claim.related('creditor').query().firstOrFail(),
    })
    await twin.merge({ debtorId: claim.debtorId }).save()
    claims.push(twin)
  }
  if (claim.kind === 'b2c') await givenConsent(claim)
  const sendings: Sending[] = []
  for (const one of claims) {
    const { ere, letter, email } = await clock.at(at, () => givenWrittenEre(one))
    const { id: letterId, ref } = letter
    const about = { ereId: ere.id, letterId, ref, claimId: one.id, userId: ere.userId!, email }
    const dieAtQuery = chance(random, 0.15) ? between(random, 1, 40) : null
    const both = [some(world), some(world)].map((party) => party.ask('deposit', about, { at, dieAtQuery }))
    await Promise.all(both)
    await insist(world, 'deposit', about, at)
    sendings.push({ ere, about, printed: null, browsers: [] })
  }
  if (chance(random, 0.4)) {
    await givenPosted(claim, PRINTED)
    for (const sending of sendings) sending.printed = PRINTED
  }
  await Promise.all(sendings.map((sending) => notified(world, sending, at)))
  for (const [place, sending] of sendings.entries())
    await opened(world, sending, `10.${index >> 8}.${index & 255}`, place)
  return sendings
}

/** A process that works for another scenario may be the one that carries it. */
async function notified(world: World, { ere, about }: Sending, at: Instant) {
  for (let then = at; (await ere.refresh()).notifiedAt === null; then = addMinutes(contactTime(), 60)) {
    await freeLeasesOfTheDead(world, about)
    await insist(world, 'deliver', about, then)
    await sleep(5)
  }
}

/** A lease runs out minutes after its process died: they pass at once. */
async function freeLeasesOfTheDead({ parties }: World, { letterId }: About) {
  const dead = parties.flatMap(({ deadPids }) => deadPids.map((pid) => `${pid}:`))
  const leased: { id: number; lease_owner: string }[] = await db
    .from('deliveries')
    .where('letter_id', letterId)
    .whereIn('state', ['leased', 'sending'])
    .select('id', 'lease_owner')
  const orphans = leased.filter(({ lease_owner: owner }) => dead.some((prefix) => owner.startsWith(prefix)))
  await db
    .from('deliveries')
    .whereIn(
      'id',
      orphans.map(({ id }) => id)
    )
    .update({ leased_until_at: '2026-01-01T00:00:00.000Z' })
}

async function opened(world: World, sending: Sending, network: string, place: number) {
  const { token } = await linkOf(sending.ere)
  for (const number of [1, 2]) {
    const browser = new Browser(some(world), `${network}.${place * 2 + number}`)
    await braving(world, () => browser.open(token))
    sending.browsers.push(browser)
  }
}

/** Takes it to where the rivals will meet: as it is, identified, accepted or handed over. */
async function prepared(world: World, sending: Sending) {
  const stage = between(world.random, 0, 4)
  const [browser, other] = sending.browsers
  if (stage > 0) await identify(world, sending, browser!)
  if (stage > 1) await identify(world, sending, other!)
  if (stage > 2) await braving(world, () => act(browser!, 'acceptance'))
  if (stage > 3) await braving(world, () => browser!.get('/ere/letter.pdf'))
}

async function identify(world: World, { ere }: Sending, browser: Browser) {
  await db.from('eres').where('id', ere.id).update({ code_asked_at: null })
  await braving(world, () => act(browser, 'code', { by: chance(world.random, 0.5) ? 'sms' : 'email' }))
  const code = await lastCode(ere)
  if (code) await braving(world, () => act(browser, 'identity', { code }))
}

/** Nothing, on a page without forms: its link was never opened, or is closed. */
const act = async (browser: Browser, path: string, values: Record<string, string> = {}) =>
  (await browser.formFor(path))?.(values)

/** Null before one has left. */
async function lastCode(ere: Ere): Promise<string | null> {
  const sent = await db
    .from('deliveries')
    .where({ letter_id: ere.letterId, recipe: 'ere.code', state: 'sent' })
    .first()
  return sent ? codeOf(ere) : null
}

/** Several act at once on what they see, a process may die, and time may be over. */
async function clash(world: World, sendings: Sending[]) {
  const { random, figures } = world
  const rivals: Rival[] = []
  for (const sending of sendings) {
    const { state } = await sending.ere.refresh()
    await timePasses(random, sending.ere)
    rivals.push(...(await byBrowsers(world, sending, state)), ...byStaff(world, sending.about))
  }
  if (chance(random, 0.1)) await some(world).doom(between(random, 1, 60), sendings[0]!.about)
  figures.rivals += rivals.length
  await Promise.all(
    rivals.map(async (rival) => {
      await sleep(between(random, 0, 12))
      await braving(world, rival)
    })
  )
}

/** Its period ends about now, or a reminder is due. */
async function timePasses(random: Random, { id }: Ere) {
  const running = () =>
    db
      .from('eres')
      .where('id', id)
      .whereIn('state', [...RUNNING])
      .whereNotNull('deadline_at')
  const now = machineNow()
  if (chance(random, 0.15))
    await running().update({ deadline_at: addMilliseconds(now, between(random, -20, 60)) })
  else if (chance(random, 0.15)) await running().update({ notified_at: addMinutes(now, -6 * PERIOD_MINUTES) })
}

const FORMS: Record<'answer' | 'sign', [path: string, values: Record<string, string>][]> = {
  answer: [
    ['acceptance', {}],
    ['acceptance', {}],
    ['refusal', { reason: 'Je ne dois rien' }],
  ],
  sign: [
    ['signature', { how: 'typed', name: 'Hélène Brume', agree: 'on' }],
    ['signature', { how: 'drawn', name: 'H. Brume', image: PIXEL, agree: 'on' }],
  ],
}

const MOVES = ['ask', 'type', 'printed', 'answer', 'read', 'sign'] as const
type Move = (typeof MOVES)[number]

/** What a recipient would do next; anything at all, now and then. */
function nextMove(random: Random, state: EreState): Move {
  if (chance(random, 0.2)) return MOVES[between(random, 0, MOVES.length - 1)]!
  if (state === 'identified') return 'answer'
  if (state === 'accepted') return chance(random, 0.7) ? 'read' : 'sign'
  if (isOpened(state)) return 'sign'
  return (['ask', 'type', 'printed'] as const)[between(random, 0, 2)]!
}

async function byBrowsers(world: World, sending: Sending, state: EreState): Promise<Rival[]> {
  const { random } = world
  const { ere, browsers, printed } = sending
  const move = nextMove(random, state)
  if (move === 'read') return browsers.flatMap((browser) => [read(browser), read(browser), view(browser)])
  if (move === 'answer' || move === 'sign') {
    const forms = browsers.flatMap((browser) =>
      FORMS[move].map(([path, values]) => ({ browser, path, values }))
    )
    return filled(world, forms)
  }
  if (move === 'ask') {
    await db.from('eres').where('id', ere.id).update({ code_asked_at: null })
    const ways = ['email', 'sms']
    return filled(
      world,
      browsers.map((browser, at) => ({ browser, path: 'code', values: { by: ways[at]! } }))
    )
  }
  const code = move === 'printed' ? printed : await lastCode(ere)
  const from = move === 'printed' ? 'letter' : 'message'
  const typed = [code ?? '000000', code ?? '111111', move === 'printed' ? '11111111' : '222222']
  return filled(
    world,
    browsers.flatMap((browser) =>
      typed.map((one) => ({ browser, path: 'identity', values: { from, code: one } }))
    )
  )
}

interface Form {
  browser: Browser
  path: string
  values: Record<string, string>
}

/** Each has its page before any is sent. */
async function filled(world: World, forms: Form[]): Promise<Rival[]> {
  const ready = await Promise.all(
    forms.map(async ({ browser, path, values }) => {
      const form = await braving(world, () => browser.formFor(path))
      return form ? [() => form(values)] : []
    })
  )
  return ready.flat()
}

const read =
  (browser: Browser): Rival =>
  () =>
    browser.get('/ere/letter.pdf')
const view =
  (browser: Browser): Rival =>
  () =>
    act(browser, 'views', { page: '1' })

const STAFF: OrderName[] = [
  'tick',
  'tick',
  'deliver',
  'bounce',
  'bounce',
  'notify',
  'notify',
  'paper',
  'prove',
]
const STOPS: OrderName[] = ['pay', 'pause', 'close', 'dispute', 'withdraw']

function byStaff(world: World, about: About): Rival[] {
  const { random } = world
  const names = Array.from({ length: between(random, 0, 4) }, () =>
    chance(random, 0.15)
      ? STOPS[between(random, 0, STOPS.length - 1)]!
      : STAFF[between(random, 0, STAFF.length - 1)]!
  )
  const at = contactTime()
  return names.map((name) => () => some(world).ask(name, about, { at: name === 'deliver' ? at : null }))
}

/** Everything that waits is done, then judged. */
async function settled(world: World, { about }: Sending): Promise<string[]> {
  await insist(world, 'tick', about)
  const never = await forbidden(about)
  await allLeft(world, about)
  const left = await db.from('deliveries').whereIn('id', never).where('state', 'sent').select('key')
  return [
    ...left.map(({ key }) => `${key} left on a file that nothing may leave on`),
    ...(await problemsOf(about)),
  ]
}

/** Hour after hour: what was interrupted is put off, and another process may be carrying the rest. */
async function allLeft(world: World, about: About) {
  const waiting = () =>
    db
      .from('deliveries')
      .where('letter_id', about.letterId)
      .where('recipe', 'like', 'ere.%')
      .whereIn('state', ['queued', 'leased', 'sending'])
      .first()
  for (let hours = 0; hours < HOURS_TO_LEAVE && (hours === 0 || (await waiting())); hours++) {
    await freeLeasesOfTheDead(world, about)
    await insist(world, 'deliver', about, addMinutes(contactTime(), hours * 60))
    await sleep(5)
  }
}

/** Until a process that lives to say so has done it. */
async function insist(world: World, name: OrderName, about: About, at: Instant | null = null) {
  while (!(await some(world).ask(name, about, { at })));
}

/** Whoever asked a process that died asks no more. */
async function braving<T>(world: World, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
    world.figures.unanswered += 1
    return null
  }
}

const some = ({ parties, random }: World) => parties[between(random, 0, parties.length - 1)]!

const chance = (random: Random, part: number) => random() < part
