import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { civilDateAt, clock } from '#shared/clock'
import { maskedEmail } from '#shared/email_address'
import { sha256 } from '#shared/files'
import { frenchDate } from '#shared/french'
import { instantText } from '#shared/moments'
import Agency from '#agency/models/agency'
import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { signerIdentity } from '#registered_mail/ere/queries/identity'
import { lastCodeAsked, maskedContact, smsNumberOf } from '#registered_mail/ere/code_channels'
import { lettersInHand } from '#registered_mail/ere/letters_in_hand'
import { lastDayBefore } from '#registered_mail/ere/period'
import { statementOf, type StatementKind } from '#registered_mail/ere/statements'
import { isAnswerable, isOpened, RUNNING } from '#registered_mail/ere/states'
import { letterhead } from '#portal/pages'
import { shareErrors } from '#portal/problems'

const LONGEST_AGENT = 300

/**
 * Gives every page of an ERE its sender, its references and until when it waits. `sender` is null where the
 * law wants it hidden before the answer, as it does for a qualified LRE (CPCE R53-3): not for an ERE.
 */
export async function recipientPage(ctx: HttpContext) {
  const { ere, letter, claim } = ctx.recipient
  await letterhead(ctx, null)
  const { deadlineAt } = ere
  ctx.view.share({
    ere: {
      ref: letter.ref,
      sender: (await Agency.currentOrFail()).name,
      recipient: claim.debtor.displayName,
      datedOn: frenchDate(letter.datedOn),
      lastOn: deadlineAt && isWaiting(ctx) ? frenchDate(lastDayBefore(deadlineAt)) : null,
      email: maskedEmail(ere.email),
      opened: isOpened(ere.state) && ctx.recipient.isIdentified,
      state: ere.state,
      pages: letter.pages,
      acceptedAt: ere.acceptedAt && instantText(ctx.i18n, ere.acceptedAt),
      signedAt: ere.signedAt && instantText(ctx.i18n, ere.signedAt),
      endedOn: ere.endedAt && frenchDate(civilDateAt(ere.endedAt)),
    },
  })
}

type Fault = { field: string; key: string; values?: Record<string, string | number> }

/** The page that an ERE's state asks for, with what is to be corrected. Reading it changes nothing. */
export async function sendingPage(ctx: HttpContext, faults: readonly Fault[] = []) {
  const { i18n, recipient, view } = ctx
  const errors = faults.map(({ field, key, values }) => ({
    field,
    text: i18n.t(`ere.errors.${key}`, values),
  }))
  shareErrors(ctx, errors, { name: ctx.request.input('name'), reason: ctx.request.input('reason') })
  const { state } = recipient.ere
  if (isWaiting(ctx) || isOpened(state)) {
    if (!recipient.isIdentified) return view.render('pages/ere/identify', await identityPage(ctx))
    if (!isOpened(state)) return view.render('pages/ere/answer', await statements(ctx, ['accept', 'refuse']))
    const chain = await db.from('evidence_chains').where('letter_id', recipient.letter.id).firstOrFail()
    const content = { sha256: chain.content_sha256 }
    if (state === 'signed')
      return view.render('pages/ere/signed', {
        content,
        signer: recipient.ere.signerName,
        identity: await signerIdentity(recipient.letter.id),
        acknowledged: recipient.ere.acknowledgementSha256 !== null,
      })
    return view.render('pages/ere/letter', { content, ...(await statements(ctx, ['sign'])) })
  }
  return view.render('pages/ere/ended', { ended: isAnswerable(state) ? 'expired' : state })
}

/** It may still be answered: the period is over on time, whether or not the tick has said so. */
function isWaiting({ recipient: { ere } }: HttpContext): boolean {
  const over =
    (RUNNING as readonly string[]).includes(ere.state) &&
    ere.deadlineAt !== null &&
    clock.now() >= ere.deadlineAt
  return isAnswerable(ere.state) && !over
}

/** By what the recipient may show who they are: a code by email, by SMS, or that of a letter. */
async function identityPage(ctx: HttpContext) {
  const { ere } = ctx.recipient
  const number = smsNumberOf(ere)
  return {
    asked: await lastCodeAsked(ere.id),
    number: number && maskedContact('sms', number),
    letters: await letters(ctx),
  }
}

/** Whose printed code would do: the recipient knows that they had them. */
async function letters({ recipient, i18n }: HttpContext) {
  const inHand = await lettersInHand(db.connection(), recipient.letter.claimId)
  return inHand.map(({ ref, datedOn }) => i18n.t('ere.identify.letter', { ref, on: frenchDate(datedOn) }))
}

async function statements({ recipient, i18n }: HttpContext, kinds: readonly StatementKind[]) {
  const { name: agency } = await Agency.currentOrFail()
  const said = kinds.map((kind) => [
    kind,
    statementOf(kind, recipient.letter, { agency, locale: i18n.locale }),
  ])
  return { statements: Object.fromEntries(said) }
}

/** Who acts, as far as a server sees it: the address and port that its connection or the trusted proxy says. */
export function actorOf({ request, session }: HttpContext): EvidenceActor {
  const agent = request.header('user-agent')?.slice(0, LONGEST_AGENT)
  const port = request.request.socket.remotePort
  return {
    kind: 'recipient',
    ip: request.ip(),
    ...(port ? { port } : {}),
    ...(agent ? { ua: agent } : {}),
    session: sha256(session.sessionId),
  }
}

/** Back to the ERE's own page, by GET. */
export const toSending = ({ response }: HttpContext) => response.redirect().status(303).toPath('/ere')
