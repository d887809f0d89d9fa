import router from '@adonisjs/core/services/router'
import { publicPages, staffPages } from '#shared/page_routes'
import { ROLES } from '#users/models/user'

const Accounts = () => import('#users/controllers/accounts_controller')
const Invitations = () => import('#users/controllers/invitations_controller')
const Passwords = () => import('#users/controllers/passwords_controller')
const Sessions = () => import('#users/controllers/sessions_controller')
const Suspensions = () => import('#users/controllers/suspensions_controller')
const UserInvitations = () => import('#users/controllers/user_invitations_controller')
const Users = () => import('#users/controllers/users_controller')

publicPages(() => {
  router.get('/sign-in', [Sessions, 'create']).as('sessions.create')
  router.post('/sign-in', [Sessions, 'store']).as('sessions.store')
  router.get('/invitations/:token', [Invitations, 'edit']).as('invitations.edit')
  router.post('/invitations/:token', [Invitations, 'update']).as('invitations.update')
})

staffPages([...ROLES], () => {
  router.post('/sign-out', [Sessions, 'destroy']).as('sessions.destroy')
  router.get('/account', [Accounts, 'edit']).as('account.edit')
  router.put('/account', [Accounts, 'update']).as('account.update')
  router.put('/account/password', [Passwords, 'update']).as('account.password.update')
})

staffPages(['admin'], () => {
  router.get('/settings/users', [Users, 'index']).as('users.index')
  router.get('/settings/users/create', [Users, 'create']).as('users.create')
  router.post('/settings/users', [Users, 'store']).as('users.store')
  router.get('/settings/users/:id/edit', [Users, 'edit']).as('users.edit')
  router.put('/settings/users/:id', [Users, 'update']).as('users.update')
  router.post('/settings/users/:id/invitation', [UserInvitations, 'store']).as('users.invitation.store')
  router.post('/settings/users/:id/suspension', [Suspensions, 'store']).as('users.suspension.store')
  router.delete('/settings/users/:id/suspension', [Suspensions, 'destroy']).as('users.suspension.destroy')
}).where('id', router.matchers.number())
