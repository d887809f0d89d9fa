import { configApp } from '@adonisjs/eslint-config'

/**
 * Which domains each domain may import (docs/architecture.md). `shared` is open
 * to all; whatever is not listed is refused.
 */
const reach = {
  shared: [],
  agency: ['users'],
  users: [],
  creditors: ['agency', 'users'],
  debtors: ['creditors', 'agency', 'users'],
  claims: ['debtors', 'creditors', 'agency', 'users'],
  imports: ['claims', 'debtors', 'creditors', 'agency', 'users', 'deliveries'],
  letters: ['claims', 'debtors', 'creditors', 'agency', 'users'],
  deliveries: ['letters', 'claims', 'debtors', 'creditors', 'agency', 'users'],
  payments: ['deliveries', 'letters', 'claims', 'debtors', 'creditors', 'agency', 'users'],
  banking: ['payments', 'deliveries', 'letters', 'claims', 'debtors', 'creditors', 'agency', 'users'],
  registered_mail: ['deliveries', 'letters', 'claims', 'debtors', 'creditors', 'agency', 'users'],
  campaigns: [
    'registered_mail',
    'deliveries',
    'letters',
    'claims',
    'debtors',
    'creditors',
    'agency',
    'users',
  ],
}

const everyDomain = [
  ...Object.keys(reach),
  'registries',
  'litigation',
  'portal',
  'reporting',
  'scheduler',
  'health',
]

const boundaries = Object.entries(reach).map(([domain, allowed]) => ({
  files: [`app/${domain}/**/*.ts`],
  ignores: ['app/**/routes.ts', 'app/shared/page_routes.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: everyDomain
              .filter((other) => other !== domain && other !== 'shared' && !allowed.includes(other))
              .map((other) => `#${other}/*`),
            message: `${domain} may import only: shared ${allowed.join(' ')}. See docs/architecture.md.`,
          },
        ],
      },
    ],
  },
}))

export default configApp(
  { ignores: ['public/**', 'storage/**', 'tmp/**', 'database/schema.ts', '.adonisjs/**'] },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      'no-console': 'off',
      '@unicorn/no-await-expression-member': 'off',
      'prettier/prettier': 'off',
    },
  },
  ...boundaries
)
