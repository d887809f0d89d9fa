import type { SchemaRules } from '@adonisjs/lucid/types/schema_generator'

/** Instants and civil dates are text in the database and flavoured strings in the code. */
const instant = {
  tsType: 'string',
  imports: [],
  decorators: [{ name: '@column' }],
}

export default {
  types: {
    bigint: { tsType: 'number', imports: [], decorators: [{ name: '@column' }] },
    boolean: {
      tsType: 'boolean',
      imports: [{ source: '#database/columns', namedImports: ['toBoolean'] }],
      decorators: [{ name: '@column', args: { consume: { toString: () => 'toBoolean' } } }],
    },
  },
  columns: { created_at: instant, updated_at: instant },
} satisfies SchemaRules
