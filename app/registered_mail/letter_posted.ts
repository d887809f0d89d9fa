import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import Letter from '#letters/models/letter'
import type { Posting } from '#letters/outcomes'
import Mailing from '#registered_mail/models/mailing'
import { workMailing } from '#registered_mail/work_mailing'

/** A person has posted it, or corrects its number: from then on it is followed like any other. */
export async function letterPosted(trx: TransactionClientContract, { letterId }: Pick<Posting, 'letterId'>) {
  const letter = await Letter.findOrFail(letterId, { client: trx })
  const at = clock.now()
  const mailing =
    (await Mailing.query({ client: trx }).where('letterId', letterId).first()) ??
    new Mailing().useTransaction(trx).merge({
      letterId,
      addressId: await addressOf(trx, letter),
      kind: letter.kind,
      state: 'queued',
      createdAt: at,
    })
  mailing.merge({
    provider: 'manual',
    providerRef: letter.ref,
    registeredNumber: letter.registeredNumber,
    handedOverOn: mailing.handedOverOn ?? clock.today(),
    heardAt: at,
    updatedAt: at,
  })
  await mailing.save()
  await workMailing(trx, mailing)
}

/** The one it bears, which may have been corrected since it was written. */
async function addressOf(trx: TransactionClientContract, letter: Letter): Promise<number | null> {
  const row = await trx
    .from('addresses')
    .join('claims', 'claims.debtor_id', 'addresses.debtor_id')
    .where('claims.id', letter.claimId)
    .where('addresses.created_at', '<=', letter.renderedAt ?? clock.now())
    .orderBy('addresses.id', 'desc')
    .select('addresses.id')
    .first()
  return row ? Number(row.id) : null
}
