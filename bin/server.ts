import { application } from './application.js'
import { sayClearly } from '#exceptions/command_handler'

application()
  .tap((app) => app.listen('SIGINT', () => app.terminate()))
  .httpServer()
  .start()
  .catch((error) => {
    process.exitCode = 1
    sayClearly(error)
  })
