import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const Actions = () => import('#campaigns/controllers/actions_controller')
const ActionEres = () => import('#campaigns/controllers/action_eres_controller')
const Campaigns = () => import('#campaigns/controllers/campaigns_controller')
const Completions = () => import('#campaigns/controllers/completions_controller')
const Confirmations = () => import('#campaigns/controllers/confirmations_controller')
const Deferrals = () => import('#campaigns/controllers/deferrals_controller')
const HandOvers = () => import('#campaigns/controllers/hand_overs_controller')
const Scenarios = () => import('#campaigns/controllers/scenarios_controller')
const Skips = () => import('#campaigns/controllers/skips_controller')
const StepTemplates = () => import('#campaigns/controllers/step_templates_controller')

staffPages(['admin'], () => {
  router.post('/campaigns/scenarios', [Scenarios, 'store']).as('campaigns.scenarios.store')
  router.get('/campaigns/scenarios/:slug/edit', [Scenarios, 'edit']).as('campaigns.scenarios.edit')
  router.put('/campaigns/scenarios/:slug', [Scenarios, 'update']).as('campaigns.scenarios.update')
  router.delete('/campaigns/scenarios/:slug', [Scenarios, 'destroy']).as('campaigns.scenarios.destroy')
  router
    .put('/campaigns/scenarios/:slug/steps/:step', [StepTemplates, 'update'])
    .where('step', router.matchers.number())
    .as('campaigns.scenarios.steps.update')
})

staffPages(['admin', 'collector'], () => {
  router.get('/campaigns/scenarios/:slug', [Scenarios, 'show']).as('campaigns.scenarios.show')
  router.get('/campaigns', [Campaigns, 'index']).as('campaigns.index')
  router.get('/campaigns/create', [Campaigns, 'create']).as('campaigns.create')
  router.post('/campaigns', [Campaigns, 'store']).as('campaigns.store')
  router.get('/campaigns/:ref', [Campaigns, 'show']).as('campaigns.show')

  router.post('/agenda/confirmations', [Confirmations, 'store']).as('agenda.confirmations.store')
  router.post('/agenda/deferrals', [Deferrals, 'store']).as('agenda.deferrals.store')
  router.post('/agenda/skips', [Skips, 'store']).as('agenda.skips.store')

  const id = router.matchers.number()
  router.get('/actions/:id', [Actions, 'show']).where('id', id).as('actions.show')
  router
    .post('/actions/:id/completion', [Completions, 'store'])
    .where('id', id)
    .as('actions.completion.store')
  router.post('/actions/:id/ere', [ActionEres, 'store']).where('id', id).as('actions.ere.store')
  router.post('/actions/:id/hand-over', [HandOvers, 'store']).where('id', id).as('actions.hand_over.store')
})
