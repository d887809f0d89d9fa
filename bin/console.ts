import { application } from './application.js'
import CommandExceptionHandler, { sayClearly } from '#exceptions/command_handler'

/** A reader that has seen enough (`… | head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

application()
  .ace()
  .configure(async (app) => {
    const kernel = await app.container.make('ace')
    kernel.errorHandler = new CommandExceptionHandler()
  })
  .handle(process.argv.splice(2))
  .catch((error) => {
    process.exitCode = 1
    sayClearly(error)
  })
