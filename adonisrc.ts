import { defineConfig } from '@adonisjs/core/app'

export default defineConfig({
  directories: { commands: 'app/commands' },
  commands: [() => import('@adonisjs/core/commands'), () => import('@adonisjs/lucid/commands')],
  providers: [
    () => import('@adonisjs/core/providers/app_provider'),
    () => import('@adonisjs/core/providers/hash_provider'),
    { file: () => import('@adonisjs/core/providers/repl_provider'), environment: ['repl', 'test'] },
    () => import('@adonisjs/core/providers/vinejs_provider'),
    () => import('@adonisjs/core/providers/edge_provider'),
    () => import('@adonisjs/session/session_provider'),
    () => import('#start/assets_provider'),
    () => import('@adonisjs/shield/shield_provider'),
    () => import('@adonisjs/static/static_provider'),
    () => import('@adonisjs/lucid/database_provider'),
    () => import('@adonisjs/auth/auth_provider'),
    () => import('@adonisjs/i18n/i18n_provider'),
    () => import('@adonisjs/limiter/limiter_provider'),
    { file: () => import('#start/scheduler_provider'), environment: ['web'] },
  ],
  preloads: [
    () => import('#start/view'),
    () => import('#start/routes'),
    () => import('#start/kernel'),
    () => import('#start/recipes'),
    () => import('#start/events'),
    { file: () => import('#start/stripe_simulator'), environment: ['web'] },
  ],
  tests: {
    // Against a hang alone: a slow machine is no failure.
    suites: [
      { name: 'unit', files: ['tests/unit/**/*.spec.ts'], timeout: 300_000 },
      { name: 'functional', files: ['tests/functional/**/*.spec.ts'], timeout: 600_000 },
      { name: 'harness', files: ['tests/harness/**/*.spec.ts'], timeout: 900_000 },
      { name: 'browser', files: ['tests/browser/**/*.spec.ts'], timeout: 600_000 },
    ],
    forceExit: false,
  },
  metaFiles: [],
})
