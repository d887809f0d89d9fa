/**
 * Runs the suites (all, or those named on the command line) on an empty
 * database of their own, and closes with `N passed, N failed, N skipped`.
 */
process.env.NODE_ENV = 'test'
process.env.TZ = 'UTC'
process.env.HOST ??= '127.0.0.1'
process.env.SCHEDULER ??= 'off'

import 'reflect-metadata'
import { Ignitor, prettyPrintError } from '@adonisjs/core'
import { configure, processCLIArgs, run } from '@japa/runner'
import { prepareTestRun, closingLine } from '#tests/bootstrap'

const APP_ROOT = new URL('../', import.meta.url)

const IMPORTER = (filePath: string) => {
  if (filePath.startsWith('./') || filePath.startsWith('../')) {
    return import(new URL(filePath, APP_ROOT).href)
  }
  return import(filePath)
}

await prepareTestRun()

new Ignitor(APP_ROOT, { importer: IMPORTER })
  .tap((app) => {
    app.booting(async () => {
      await import('#start/env')
    })
    app.listen('SIGTERM', () => app.terminate())
  })
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
  .run(() => run())
  .catch((error) => {
    process.exitCode = 1
    prettyPrintError(error)
  })
