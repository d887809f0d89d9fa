import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig, destination, destinations } from '@adonisjs/core/logger'

const loggerConfig = defineConfig({
  default: 'app',
  loggers: {
    app: {
      enabled: true,
      name: 'amiable',
      level: env.get('LOG_LEVEL', app.inTest ? 'fatal' : 'info'),
      redact: { paths: ['password', '*.password', 'token', '*.token'] },
      /**
       * To stderr: stdout belongs to a command's `--json` line. By the thread that says it, since a
       * thread for writing alone costs each command a tenth of a second.
       */
      destination: app.inDev ? await destinations.pretty({ destination: 2 }) : destination(2),
    },
  },
})

export default loggerConfig

declare module '@adonisjs/core/types' {
  export interface LoggersList extends InferLoggers<typeof loggerConfig> {}
}
