import { isLetterChannel, type TemplateChannel } from '#letters/templates/channels'
import type { Language } from '#letters/templates/language'

export interface Start {
  subject: string
  body: string
}

/**
 * What a new template begins with: the words of the built-in letter, written with
 * tags, or a short message that recalls it. Each passes the linter as it is.
 */
export function startOf(channel: TemplateChannel, language: Language): Start {
  if (isLetterChannel(channel)) return LETTERS[language]
  return MESSAGES[channel as 'email' | 'sms' | 'voice'][language]
}

const LETTERS: Record<Language, Start> = {
  fr: {
    subject: 'Mise en demeure de payer',
    body: `<p>#salutation,</p>
<p>#activity_statement et sommes mandatés par #creditor_name, #creditor_address, par #mandate. #first_letter_recall</p>
<p>Sauf erreur de notre part, #debtor_name reste redevable envers #creditor_name, sur le fondement des factures dont le détail figure ci-dessous, de la somme suivante :</p>
<p>#balance_split</p>
<p>Nous vous mettons en demeure de régler cette somme <strong>au plus tard le #deadline</strong> :</p>
<p>#payment_means</p>
<p>Si vous contestez cette créance, ou si vous avez besoin de temps, répondez-nous ou utilisez votre page : vous pourrez y proposer un règlement en plusieurs fois, sans aucun frais. À défaut de règlement ou de réponse, #creditor_name se réserve la faculté de saisir la juridiction compétente.</p>
<p>Veuillez agréer, #salutation, l’expression de nos salutations distinguées.</p>
<p>#signature</p>
<h2>Détail de la somme demandée</h2>
<p>#items_list</p>
<p>#interest_detail</p>
<p>#l111_8</p>
<p>#privacy_notice</p>`,
  },
  en: {
    subject: 'Formal notice to pay',
    body: `<p>#salutation,</p>
<p>#activity_statement and act for #creditor_name, #creditor_address, under the #mandate. #first_letter_recall</p>
<p>Unless we are mistaken, #debtor_name still owes #creditor_name, under the invoices listed below, the following sum:</p>
<p>#balance_split</p>
<p>This is a formal notice to pay this sum <strong>by #deadline</strong>:</p>
<p>#payment_means</p>
<p>If you dispute this claim, or if you need time, answer us or use your page: you may propose to pay in instalments there, free of charge. Failing payment or an answer, #creditor_name reserves the right to apply to the competent court.</p>
<p>Yours faithfully,</p>
<p>#signature</p>
<h2>Detail of the sum</h2>
<p>#items_list</p>
<p>#interest_detail</p>
<p>#l111_8</p>
<p>#privacy_notice</p>`,
  },
}

const MESSAGES: Record<'email' | 'sms' | 'voice', Record<Language, Start>> = {
  email: {
    fr: {
      subject: 'Dossier #file_reference',
      body: `<p>#salutation,</p>
<p>Notre lettre #first_letter_reference du #first_letter_date, écrite pour #creditor_name, est restée sans réponse de votre part.</p>
<p>Vous trouverez le détail sur <a href="#portal_link">votre page</a>, où vous pouvez payer, demander du temps ou contester, sans aucun frais.</p>
<p>#user_name<br>#agency_name, #agency_phone</p>`,
    },
    en: {
      subject: 'File #file_reference',
      body: `<p>#salutation,</p>
<p>We have had no answer from you to our letter #first_letter_reference of #first_letter_date, written for #creditor_name.</p>
<p>The details are on <a href="#portal_link">your page</a>, where you may pay, ask for time or dispute, free of charge.</p>
<p>#user_name<br>#agency_name, #agency_phone</p>`,
    },
  },
  sms: {
    fr: {
      subject: '',
      body: `<p>#agency_name : suite à notre lettre #first_letter_reference du #first_letter_date, répondez-nous sur #portal_link ou au #agency_phone.</p>`,
    },
    en: {
      subject: '',
      body: `<p>#agency_name: about our letter #first_letter_reference of #first_letter_date, please answer at #portal_link or on #agency_phone.</p>`,
    },
  },
  voice: {
    fr: {
      subject: '',
      body: `<p>Bonjour, ici #user_name, de #agency_name. Je souhaite parler à #debtor_contact en personne.</p>
<p>Je vous appelle au sujet de notre lettre #first_letter_reference du #first_letter_date. Avez-vous pu la lire ?</p>
<p>Vous pouvez nous répondre sur votre page ou au #agency_phone.</p>`,
    },
    en: {
      subject: '',
      body: `<p>Hello, this is #user_name, from #agency_name. I would like to speak to #debtor_contact in person.</p>
<p>I am calling about our letter #first_letter_reference of #first_letter_date. Have you been able to read it?</p>
<p>You may answer us on your page or on #agency_phone.</p>`,
    },
  },
}
