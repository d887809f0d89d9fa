import 'reflect-metadata'
import { Ignitor } from '@adonisjs/core'

const APP_ROOT = new URL('../../../', import.meta.url)

/** Boots the application of a harness's child process: all but routes and other preloads. */
export async function bootApp() {
  const app = new Ignitor(APP_ROOT, {
    importer: (path) => import(path.startsWith('.') ? new URL(path, APP_ROOT).href : path),
  })
    .tap((created) => {
      created.booting(async () => {
        await import('#start/env')
      })
      created.listen('SIGTERM', () => created.terminate())
    })
    .createApp('console')
  await app.init()
  await app.boot()
  // A parent that is gone leaves nothing running behind it.
  process.on('disconnect', () => process.exit(1))
  return app
}

/** Ends the child by itself, with nothing left open. */
export async function leave(app: Awaited<ReturnType<typeof bootApp>>) {
  await app.terminate()
  process.removeAllListeners('disconnect')
  process.disconnect()
}

export const tell = (message: object) => process.send?.(message)

/** What the parent asks of this child. */
export const plan = <T>(): T => JSON.parse(process.env.HARNESS_PLAN!) as T
