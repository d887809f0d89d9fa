import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const Acknowledgements = () => import('#registered_mail/ere/controllers/acknowledgements_controller')
const Bounces = () => import('#registered_mail/ere/controllers/bounces_controller')
const Bundles = () => import('#registered_mail/ere/controllers/bundles_controller')
const Consents = () => import('#registered_mail/ere/controllers/consents_controller')
const Eres = () => import('#registered_mail/ere/controllers/eres_controller')
const Notices = () => import('#registered_mail/ere/controllers/notices_controller')
const Papers = () => import('#registered_mail/ere/controllers/papers_controller')
const Sightings = () => import('#registered_mail/ere/controllers/sightings_controller')
const Stories = () => import('#registered_mail/ere/controllers/stories_controller')

staffPages(['admin', 'collector'], () => {
  router.get('/claims/:ref/ere', [Eres, 'create']).as('eres.create')
  router.post('/claims/:ref/ere', [Eres, 'store']).as('eres.store')
  router.post('/claims/:ref/consents', [Consents, 'store']).as('eres.consents.store')
  router
    .delete('/claims/:ref/consents/:id', [Consents, 'destroy'])
    .where('id', router.matchers.number())
    .as('eres.consents.destroy')
  router.post('/eres/:ref/notice', [Notices, 'store']).as('eres.notice.store')
  router.post('/eres/:ref/bounce', [Bounces, 'store']).as('eres.bounce.store')
  router.post('/eres/:ref/paper', [Papers, 'store']).as('eres.paper.store')
  router.post('/eres/:ref/sighting', [Sightings, 'store']).as('eres.sighting.store')
})

staffPages(['admin', 'collector', 'accountant'], () => {
  router.get('/letters/:ref/evidence', [Stories, 'show']).as('letters.evidence.show')
  router.get('/eres/:ref/evidence.zip', [Bundles, 'show']).as('eres.bundle.show')
  router.get('/eres/:ref/acknowledgement.pdf', [Acknowledgements, 'show']).as('eres.acknowledgement.show')
})
