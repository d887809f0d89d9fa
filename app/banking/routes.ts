import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'
import { MEGABYTE } from '#shared/uploads'
import { middleware } from '#start/kernel'

const BankStatements = () => import('#banking/controllers/bank_statements_controller')
const BankLines = () => import('#banking/controllers/bank_lines_controller')
const BankMatches = () => import('#banking/controllers/bank_matches_controller')
const Dismissals = () => import('#banking/controllers/bank_line_dismissals_controller')
const BankReturns = () => import('#banking/controllers/bank_returns_controller')
const MatchingRules = () => import('#banking/controllers/matching_rules_controller')

const UPLOAD = { maxBytes: 25 * MEGABYTE, maxFiles: 1 }

staffPages(['admin', 'accountant'], () => {
  router.get('/payments/statements', [BankStatements, 'index']).as('statements.index')
  router
    .post('/payments/statements', [BankStatements, 'store'])
    .use(middleware.upload(UPLOAD))
    .as('statements.store')
  router.get('/payments/lines', [BankLines, 'index']).as('bank_lines.index')
  router.get('/payments/lines/:id', [BankLines, 'show']).as('bank_lines.show')
  router.post('/payments/lines/:id/matches', [BankMatches, 'store']).as('bank_lines.matches.store')
  router
    .delete('/payments/lines/:line/matches/:id', [BankMatches, 'destroy'])
    .as('bank_lines.matches.destroy')
  router.post('/payments/lines/:id/dismissal', [Dismissals, 'store']).as('bank_lines.dismissal.store')
  router.delete('/payments/lines/:id/dismissal', [Dismissals, 'destroy']).as('bank_lines.dismissal.destroy')
  router.post('/payments/lines/:id/return', [BankReturns, 'store']).as('bank_lines.return.store')
  router.get('/payments/matching', [MatchingRules, 'edit']).as('matching_rules.edit')
  router.put('/payments/matching', [MatchingRules, 'update']).as('matching_rules.update')
})
  .where('id', router.matchers.number())
  .where('line', router.matchers.number())
