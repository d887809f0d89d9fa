import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig, targets } from '@adonisjs/core/logger'

const loggerConfig = defineConfig({
  default: 'app',
  loggers: {
    app: {
      enabled: true,
      name: 'amiable',
      level: env.get('LOG_LEVEL', app.inTest ? 'fatal' : 'info'),
      redact: { paths: ['password', '*.password', 'token', '*.token'] },
      transport: {
        /** Logs go to stderr: stdout belongs to a command's `--json` line. */
        targets: targets()
          .pushIf(app.inDev, targets.pretty({ destination: 2 }))
          .pushIf(!app.inDev, targets.file({ destination: 2 }))
          .toArray(),
      },
    },
  },
})

export default loggerConfig

declare module '@adonisjs/core/types' {
  export interface LoggersList extends InferLoggers<typeof loggerConfig> {}
}
