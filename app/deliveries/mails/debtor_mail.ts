import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import type { AgencyCard, DebtorMail, MailLocale } from '#deliveries/mails/data'

/** What an email to the debtor of a file holds, save its link; null before the first letter (rules 6 and 7). */
export async function debtorMail(
  claimId: number,
  trx?: TransactionClientContract
): Promise<{ mail: Omit<DebtorMail, 'link'>; locale: MailLocale } | null> {
  const claim = await Claim.query({ client: trx })
    .where('id', claimId)
    .preload('creditor')
    .preload('debtor')
    .firstOrFail()
  if (!claim.firstLetterRef || !claim.firstLetterOn) return null
  return {
    locale: claim.debtor.locale === 'en' ? 'en' : 'fr',
    mail: {
      agency: await agencyCard(trx),
      creditor: { name: claim.creditor.name, addressLines: claim.creditor.addressLines },
      debtor: { civility: claim.debtor.civility, fullName: claim.debtor.fullName },
      claimRef: claim.ref,
      letter: { ref: claim.firstLetterRef, on: claim.firstLetterOn },
    },
  }
}

/** @throws before the first run */
export async function agencyCard(trx?: TransactionClientContract): Promise<AgencyCard> {
  const agency = await Agency.query({ client: trx }).orderBy('id').firstOrFail()
  const { name, legalForm, siren, addressLines, email, phone, signatoryName } = agency
  return { name, legalForm, siren, addressLines, email, phone, signatoryName }
}
