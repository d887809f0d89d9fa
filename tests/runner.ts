import { assert } from '@japa/assert'
import { apiClient } from '@japa/api-client'
import app from '@adonisjs/core/services/app'
import type { Config } from '@japa/runner/types'
import type { Runner } from '@japa/runner/core'
import { pluginAdonisJS } from '@japa/plugin-adonisjs'
import testUtils from '@adonisjs/core/services/test_utils'
import { sessionApiClient } from '@adonisjs/session/plugins/api_client'
import { authApiClient } from '@adonisjs/auth/plugins/api_client'
import { keepMigrated } from '#tests/migrated'
import { shieldApiClient } from '@adonisjs/shield/plugins/api_client'

export const plugins: Config['plugins'] = [
  assert(),
  pluginAdonisJS(app),
  apiClient(),
  sessionApiClient(app),
  authApiClient(app),
  shieldApiClient(),
]

export const runnerHooks: Required<Pick<Config, 'setup' | 'teardown'>> = {
  setup: [migrated],
  teardown: [],
}

/**
 * Each migration is taken back at the end of the unit tests, which proves that it can be; other
 * SQLite files are thrown away as they are.
 */
async function migrated(runner: Runner) {
  const takeBack = await testUtils.db().migrate()
  if (process.env.DB_CONNECTION === 'postgres') return takeBack
  await keepMigrated()
  return runner.suites.some(({ name }) => name === 'unit') ? takeBack : () => {}
}

/**
 * Functional and browser tests each run in a transaction that is rolled back:
 * the ledger refuses DELETE, so emptying tables between tests is not possible.
 */
export const configureSuite: Config['configureSuite'] = (suite) => {
  if (['functional', 'browser'].includes(suite.name)) {
    suite.setup(() => testUtils.httpServer().start())
    suite.onGroup((group) => group.each.setup(() => testUtils.db().wrapInGlobalTransaction()))
    suite.onTest((test) => test.setup(() => testUtils.db().wrapInGlobalTransaction()))
  }
  if (suite.name === 'browser') {
    suite.teardown(async () => (await import('#tests/browser/support')).closeBrowser())
  }
}
