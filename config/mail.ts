import env from '#start/env'
import { defineConfig, transports } from '@adonisjs/mail'

const url = new URL(env.get('SMTP_URL') ?? 'smtp://127.0.0.1:25')

const mailConfig = defineConfig({
  default: 'smtp',
  from: env.get('MAIL_FROM') ?? 'Amiable <no-reply@localhost>',
  mailers: {
    smtp: transports.smtp({
      host: url.hostname,
      port: Number(url.port || (url.protocol === 'smtps:' ? 465 : 587)),
      secure: url.protocol === 'smtps:',
      auth: url.username
        ? {
            type: 'login',
            user: decodeURIComponent(url.username),
            pass: decodeURIComponent(url.password),
          }
        : undefined,
    }),
  },
})

export default mailConfig

declare module '@adonisjs/mail/types' {
  export interface MailersList extends InferMailers<typeof mailConfig> {}
}
