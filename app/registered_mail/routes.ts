import router from '@adonisjs/core/services/router'
import { middleware } from '#start/kernel'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { PROOF_KINDS } from '#registered_mail/providers/provider'

const Letters = () => import('#registered_mail/controllers/letters_controller')
const WebhookCalls = () => import('#registered_mail/controllers/webhook_calls_controller')
const RegisteredNumbers = () => import('#registered_mail/controllers/registered_numbers_controller')
const MailingFacts = () => import('#registered_mail/controllers/mailing_facts_controller')
const MailingProofs = () => import('#registered_mail/controllers/mailing_proofs_controller')
const LetterRoutes = () => import('#registered_mail/controllers/letter_routes_controller')
const MailRoutes = () => import('#registered_mail/controllers/mail_routes_controller')
const ConnectionTests = () => import('#registered_mail/controllers/connection_tests_controller')

/** No session and no CSRF: the sender's secret says who speaks. */
router.post('/webhooks/merci-facteur', [WebhookCalls, 'store']).as('webhooks.merci_facteur')
router.post('/webhooks/maileva', [WebhookCalls, 'store']).as('webhooks.maileva')
router.post('/webhooks/ar24', [WebhookCalls, 'store']).as('webhooks.ar24')

staffPages(['admin', 'collector'], () => {
  router.get('/letters', [Letters, 'index']).as('letters.index')
  router.get('/mailings/numbers', [RegisteredNumbers, 'index']).as('mailings.numbers.index')
  router.post('/mailings/numbers', [RegisteredNumbers, 'store']).as('mailings.numbers.store')
  router.post('/letters/:ref/facts', [MailingFacts, 'store']).as('letters.facts.store')
  router
    .post('/letters/:ref/proofs', [MailingProofs, 'store'])
    .use(middleware.upload({ maxBytes: 16 * MEGABYTE, maxFiles: 1 }))
    .as('letters.proofs.store')
  router.delete('/letters/:ref/route', [LetterRoutes, 'destroy']).as('letters.route.destroy')
})

staffPages(['admin', 'collector', 'accountant'], () => {
  router
    .get('/letters/:ref/proofs/:kind', [MailingProofs, 'show'])
    .where('kind', new RegExp(`^(${PROOF_KINDS.join('|')})$`))
    .as('letters.proofs.show')
  router
    .get('/letters/:ref', [Letters, 'show'])
    .where('ref', { match: /^[^.]+$/ })
    .as('letters.show')
})

staffPages(['admin'], () => {
  router.get('/settings/mail', [MailRoutes, 'edit']).as('settings.mail.edit')
  router.put('/settings/mail', [MailRoutes, 'update']).as('settings.mail.update')
  router
    .post('/settings/mail/tests/:provider', [ConnectionTests, 'store'])
    .where('provider', /^(folder|merci_facteur|maileva|ar24)$/)
    .as('settings.mail.test.store')
})
