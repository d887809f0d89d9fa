import { Env } from '@adonisjs/core/env'

/**
 * Only APP_KEY is required, and the set-up makes it. Every other variable has
 * a safe default; `.env.example` explains each in a line.
 */
export default await Env.create(new URL('../', import.meta.url), {
  NODE_ENV: Env.schema.enum.optional(['development', 'production', 'test'] as const),
  PORT: Env.schema.number.optional(),
  HOST: Env.schema.string.optional(),
  APP_KEY: Env.schema.secret(),
  APP_URL: Env.schema.string.optional(),
  LOG_LEVEL: Env.schema.string.optional(),
  TZ: Env.schema.string.optional(),
  TRUST_PROXY: Env.schema.string.optional(),

  DB_CONNECTION: Env.schema.enum.optional(['sqlite', 'postgres'] as const),
  DB_FILE: Env.schema.string.optional(),
  DATABASE_URL: Env.schema.string.optional(),
  STORAGE_DIR: Env.schema.string.optional(),

  SMTP_URL: Env.schema.string.optional(),
  MAIL_FROM: Env.schema.string.optional(),

  SMS_DRIVER: Env.schema.enum.optional(['none', 'ovh', 'brevo'] as const),
  SMS_SENDER: Env.schema.string.optional(),
  OVH_APP_KEY: Env.schema.string.optional(),
  OVH_APP_SECRET: Env.schema.string.optional(),
  OVH_CONSUMER_KEY: Env.schema.string.optional(),
  OVH_SMS_SERVICE: Env.schema.string.optional(),
  OVH_API_BASE: Env.schema.string.optional(),
  BREVO_API_KEY: Env.schema.string.optional(),
  BREVO_API_BASE: Env.schema.string.optional(),

  STRIPE_SECRET_KEY: Env.schema.string.optional(),
  STRIPE_WEBHOOK_SECRET: Env.schema.string.optional(),
  STRIPE_CONNECT_WEBHOOK_SECRET: Env.schema.string.optional(),
  STRIPE_API_BASE: Env.schema.string.optional(),

  PRINT_DRIVER: Env.schema.enum.optional(['manual', 'folder', 'merci_facteur', 'maileva'] as const),
  REGISTERED_DRIVER: Env.schema.enum.optional(['manual', 'folder', 'merci_facteur', 'maileva'] as const),
  PRINT_FOLDER: Env.schema.string.optional(),
  MERCI_FACTEUR_API_BASE: Env.schema.string.optional(),
  MERCI_FACTEUR_SERVICE_ID: Env.schema.string.optional(),
  MERCI_FACTEUR_SECRET_KEY: Env.schema.string.optional(),
  MERCI_FACTEUR_USER_ID: Env.schema.string.optional(),
  MERCI_FACTEUR_SENDER_EMAIL: Env.schema.string.optional(),
  MERCI_FACTEUR_AUTHORIZED_IP: Env.schema.string.optional(),
  MERCI_FACTEUR_WEBHOOK_SECRET: Env.schema.string.optional(),
  AR24_API_BASE: Env.schema.string.optional(),
  AR24_TOKEN: Env.schema.string.optional(),
  AR24_PRIVATE_KEY: Env.schema.string.optional(),
  AR24_USER_ID: Env.schema.string.optional(),
  AR24_OTP_SECRET: Env.schema.string.optional(),
  AR24_WEBHOOK_KEY: Env.schema.string.optional(),
  MAILEVA_API_BASE: Env.schema.string.optional(),
  MAILEVA_AUTH_BASE: Env.schema.string.optional(),
  MAILEVA_CLIENT_ID: Env.schema.string.optional(),
  MAILEVA_CLIENT_SECRET: Env.schema.string.optional(),
  MAILEVA_USERNAME: Env.schema.string.optional(),
  MAILEVA_PASSWORD: Env.schema.string.optional(),
  MAILEVA_WEBHOOK_LOGIN: Env.schema.string.optional(),
  MAILEVA_WEBHOOK_PASSWORD: Env.schema.string.optional(),

  TSA_URL: Env.schema.string.optional(),
  TSA_CA_FILE: Env.schema.string.optional(),
  TSA_POLICY: Env.schema.string.optional(),
  SEAL_P12: Env.schema.string.optional(),
  SEAL_PASSWORD: Env.schema.string.optional(),

  CHROMIUM_PATH: Env.schema.string.optional(),
  SCHEDULER: Env.schema.enum.optional(['inline', 'off'] as const),
})
