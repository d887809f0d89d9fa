/**
 * Runs the suites or files named on the command line, on an empty database of their own.
 */
process.env.NODE_ENV = 'test'
process.env.TZ = 'UTC'
process.env.SCHEDULER ??= 'off'

import '../tests/day.js'
import { prettyPrintError } from '@adonisjs/core'
import { application } from './application.js'
import { configure, processCLIArgs, run } from '@japa/runner'
import { prepareTestRun, closingLine } from '#tests/bootstrap'

await prepareTestRun()

application()
  .testRunner()
  .configure(async (app) => {
    const { runnerHooks, plugins, configureSuite } = await import('#tests/runner')
    const reporters = await import('@japa/runner/reporters')
    processCLIArgs(process.argv.splice(2))
    configure({
      suites: app.rcFile.tests.suites,
      plugins,
      reporters: {
        activated: ['spec', 'closing-line'],
        list: [reporters.spec(), closingLine],
      },
      ...runnerHooks,
      configureSuite,
      teardown: runnerHooks.teardown.concat([() => app.terminate()]),
    })
  })
  .run(async () => {
    await run()
    // What a run that failed left open, a server or a browser, would keep it from ending.
    if (process.exitCode) process.exit()
  })
  .catch((error) => {
    process.exitCode = 1
    prettyPrintError(error)
  })
