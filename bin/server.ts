import { application, stop } from './application.js'
import { sayClearly } from '#exceptions/command_handler'

application()
  .tap((app) => app.listen('SIGINT', () => stop(app)))
  .httpServer()
  .start()
  .catch((error) => {
    process.exitCode = 1
    sayClearly(error)
  })
