import router from '@adonisjs/core/services/router'

const LiveController = () => import('#health/controllers/live_controller')
const ReadyController = () => import('#health/controllers/ready_controller')

/** No session: a probe comes every few seconds and keeps no cookie. */
router.get('/health/live', [LiveController, 'show']).as('health.live')
router.get('/health/ready', [ReadyController, 'show']).as('health.ready')
