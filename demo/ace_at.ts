/**
 * An ace command run as if it were another instant: `ace_at.ts INSTANT command …`. Only the demo
 * uses it, so that an import and a launch of ten days ago are ten days old in the file's timeline.
 */
import 'reflect-metadata'
import { Ignitor, prettyPrintError } from '@adonisjs/core'
import { clock } from '#shared/clock'

const APP_ROOT = new URL('../', import.meta.url)
const [instant, ...words] = process.argv.slice(2)

await clock.at(instant!, () =>
  new Ignitor(APP_ROOT, {
    importer: (path) => import(/^\.{1,2}\//.test(path) ? new URL(path, APP_ROOT).href : path),
  })
    .tap((app) => {
      app.booting(async () => {
        await import('#start/env')
      })
    })
    .ace()
    .handle(words)
    .catch((error) => {
      process.exitCode = 1
      prettyPrintError(error)
    })
)
