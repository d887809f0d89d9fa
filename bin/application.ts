import 'reflect-metadata'
import { Ignitor } from '@adonisjs/core'

const ROOT = new URL('../', import.meta.url)

/** The application, not yet started: each entry point of `bin/` starts it its own way. */
export function application() {
  const importer = (path: string) => import(/^\.\.?\//.test(path) ? new URL(path, ROOT).href : path)
  return new Ignitor(ROOT, { importer }).tap((app) => {
    app.booting(async () => {
      await import('#start/env')
    })
    app.listen('SIGTERM', () => app.terminate())
  })
}
