import router from '@adonisjs/core/services/router'
import { staffPages } from '#shared/page_routes'

const Mailbox = () => import('#deliveries/controllers/mailbox_controller')
const MessageBodies = () => import('#deliveries/controllers/message_bodies_controller')
const MessageAttachments = () => import('#deliveries/controllers/message_attachments_controller')
const MessageSources = () => import('#deliveries/controllers/message_sources_controller')
const Settlements = () => import('#deliveries/controllers/settlements_controller')

const id = router.matchers.number()

staffPages(['admin', 'collector'], () => {
  router.get('/mailbox', [Mailbox, 'index']).as('mailbox.index')
  router.get('/mailbox/:id', [Mailbox, 'show']).where('id', id).as('mailbox.show')
  router.get('/mailbox/:id/body', [MessageBodies, 'show']).where('id', id).as('mailbox.body')
  router
    .get('/mailbox/:id/attachments/:sha256', [MessageAttachments, 'show'])
    .where('id', id)
    .as('mailbox.attachment')
  router
    .post('/mailbox/:id/settlement', [Settlements, 'store'])
    .where('id', id)
    .as('mailbox.settlement.store')
})

staffPages(['admin'], () => {
  router.get('/mailbox/:id/source', [MessageSources, 'show']).where('id', id).as('mailbox.source')
})
