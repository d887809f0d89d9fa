import type { Role } from '#users/models/user'

/** One line of the navigation; its label is `nav.<section>`. */
export type NavigationItem = { section: string; href: string; icon: string; roles: readonly Role[] }

const AGENCY: readonly Role[] = ['admin', 'collector', 'accountant']

export const NAVIGATION: readonly NavigationItem[] = [
  { section: 'home', href: '/home', icon: 'list-checks', roles: ['creditor'] },
  { section: 'agenda', href: '/', icon: 'list-checks', roles: AGENCY },
  { section: 'claims', href: '/claims', icon: 'folder', roles: [...AGENCY, 'creditor'] },
  { section: 'imports', href: '/imports', icon: 'upload', roles: ['admin', 'collector', 'creditor'] },
  { section: 'campaigns', href: '/campaigns', icon: 'send', roles: ['admin', 'collector'] },
  { section: 'letters', href: '/letters', icon: 'file-text', roles: ['admin', 'collector'] },
  { section: 'mailbox', href: '/mailbox', icon: 'mail', roles: ['admin', 'collector'] },
  { section: 'payments', href: '/payments', icon: 'landmark', roles: [...AGENCY, 'creditor'] },
  { section: 'creditors', href: '/creditors', icon: 'building-2', roles: AGENCY },
  { section: 'settings', href: '/settings', icon: 'settings', roles: ['admin'] },
]

/** Where a person of that role arrives after signing in. */
export const homeOf = (role: Role) => (role === 'creditor' ? '/home' : '/')
