import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import PostalMime from 'postal-mime'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { cents, formatEuros } from '#shared/money'
import Delivery from '#deliveries/models/delivery'
import { openCopy } from '#deliveries/kept_copy'
import { Visitor } from './visitor.js'

/**
 * What five debtors do with the letter in their mailbox, by its link and without JavaScript: one
 * pays everything by card, one pays a part, one in instalments, one disputes, one asks for time.
 */
export async function debtorsAnswer(say: (line: string) => void): Promise<{ portalUrl: string }> {
  const [whole, part, disputing, late, spread, next] = await linksInMailboxes(6)
  await pays(whole!, { part: 'all' })
  say('A debtor paid everything by card')
  await pays(part!, { part: 'some', amount: '250,00' })
  say('Another paid 250 €')
  await disputes(disputing!)
  say('A third disputes an invoice')
  await asksForTime(late!)
  say('A fourth asks for time')
  await paysInInstalments(spread!)
  say('A fifth agreed to a plan and paid its first instalment')
  return { portalUrl: next! }
}

/** The portal links of the latest emails to debtors, one for each file, oldest debts first. */
async function linksInMailboxes(count: number): Promise<string[]> {
  const latest = await db
    .from('deliveries')
    .join('claims', 'claims.id', 'deliveries.claim_id')
    .where('deliveries.state', 'sent')
    .where('deliveries.channel', 'email')
    .where('claims.status', 'active')
    .groupBy('deliveries.claim_id', 'claims.oldest_due_on')
    .orderBy('claims.oldest_due_on')
    .limit(count)
    .max('deliveries.id as id')
  const links: string[] = []
  for (const { id } of latest) {
    const delivery = await Delivery.query().where('id', id).preload('message').firstOrFail()
    const { text } = await PostalMime.parse(await openCopy(delivery.message.contentEncrypted, 'email'))
    const link = /https?:\/\/\S+\/p\/[\w-]{43}/.exec(text ?? '')
    if (!link) throw new Error(`email ${id} to a debtor has no portal link`)
    links.push(link[0])
  }
  if (links.length < count) throw new Error(`only ${links.length} debtors were written to`)
  return links
}

async function pays(link: string, choice: { part: string; amount?: string }) {
  const debtor = await new Visitor().open(link)
  await debtor.send('/p/payment', { ...choice, means: 'online' })
  await paysByCard(debtor)
}

/** Agrees as the law wants it: the sum written out, in figures and in words (article 1376 of the Code civil). */
async function paysInInstalments(link: string) {
  const debtor = await new Visitor().open(link)
  await debtor.open('/p/plan/new')
  const total = cents(Number(debtor.field('total')))
  await debtor.send('/p/plan', { figures: formatEuros(total), words: eurosInWords(total) })
  await debtor.send('/p/plan/payment', { means: 'online' })
  await paysByCard(debtor)
}

async function paysByCard(debtor: Visitor) {
  const before = await paymentCount()
  await debtor.send(debtor.address.href, {
    method: 'card',
    number: '4242 4242 4242 4242',
    expiry: '12 / 34',
    cvc: '123',
  })
  for (let waited = 0; (await paymentCount()) === before; waited += 100) {
    if (waited > 15_000) throw new Error('a card payment was never posted')
    await sleep(100)
  }
}

async function disputes(link: string) {
  const debtor = await new Visitor().open(link)
  await debtor.open('/p/dispute/new')
  await debtor.send('/p/dispute', {
    reason: 'already_paid',
    scope: 'all',
    message: 'J’ai réglé cette facture par virement le mois dernier.',
  })
}

async function asksForTime(link: string) {
  const debtor = await new Visitor().open(link)
  await debtor.open('/p/time/new')
  await debtor.send('/p/time', {
    wanted_on: addDays(clock.today(), 14),
    message: 'Je serai payée à la fin du mois.',
  })
}

async function paymentCount(): Promise<number> {
  const row = await db.from('payments').count('* as total').first()
  return Number(row.total)
}
