import env from '#start/env'
import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/lucid'
import { tuneSqlite } from '#database/sqlite'
import { tunePostgres } from '#database/postgres'

export const sqliteFile = env.get('DB_FILE') ?? app.makePath('storage/amiable.sqlite')

const migrations = { naturalSort: true, paths: ['database/migrations'] }

export default defineConfig({
  connection: env.get('DB_CONNECTION') ?? 'sqlite',
  connections: {
    sqlite: {
      client: 'better-sqlite3',
      connection: { filename: sqliteFile },
      useNullAsDefault: true,
      /** One connection: a process's transactions queue up instead of fighting for the lock. */
      pool: { min: 1, max: 1, afterCreate: tuneSqlite },
      migrations,
      schemaGeneration: {
        enabled: true,
        outputPath: 'database/schema.ts',
        rulesPaths: ['./database/schema_rules.ts'],
        excludeTables: ['rate_limits'],
      },
    },
    postgres: {
      client: 'pg',
      connection: { connectionString: env.get('DATABASE_URL') },
      pool: { min: 1, max: 8, afterCreate: tunePostgres },
      migrations,
      schemaGeneration: { enabled: false },
    },
  },
})
