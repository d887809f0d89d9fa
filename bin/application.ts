import 'reflect-metadata'
import { Ignitor } from '@adonisjs/core'
import type { ApplicationService } from '@adonisjs/core/types'

const ROOT = new URL('../', import.meta.url)

/** The application, not yet started: each entry point of `bin/` starts it its own way. */
export function application() {
  const importer = (path: string) => import(/^\.\.?\//.test(path) ? new URL(path, ROOT).href : path)
  return new Ignitor(ROOT, { importer }).tap((app) => {
    app.booting(async () => {
      await import('#start/env')
      // The framework would listen everywhere.
      process.env.HOST ||= '127.0.0.1'
    })
    app.listen('SIGTERM', () => stop(app))
  })
}

/**
 * Asked to stop while still starting, the framework would note it, start all the
 * same and never stop again: nothing has begun by then, so we just leave.
 */
export async function stop(app: ApplicationService) {
  if (!app.isReady) process.exit(0)
  await app.terminate()
}
