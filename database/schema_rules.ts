import type { SchemaRules } from '@adonisjs/lucid/types/schema_generator'

/** A name printed as it is in the generated file, not as a quoted string. */
const identifier = (name: string) => ({ toString: () => name })

/** Instants are text, in the database and in the code. */
const instant = { tsType: 'string', imports: [], decorators: [{ name: '@column' }] }

/** JSON kept as text; the type is what the code that writes the column promises. */
const json = (tsType: string) => ({
  tsType,
  imports: [{ source: '#database/columns', namedImports: ['fromJson', 'toJson'] }],
  decorators: [{ name: '@column', args: { prepare: identifier('toJson'), consume: identifier('fromJson') } }],
})

/** The framework would look for `file_sha_256`. */
const named = (columnName: string, isPrimary = false) => ({
  tsType: 'string',
  imports: [],
  decorators: [{ name: '@column', args: isPrimary ? { isPrimary, columnName } : { columnName } }],
})

export default {
  types: {
    bigint: { tsType: 'number', imports: [], decorators: [{ name: '@column' }] },
    boolean: {
      tsType: 'boolean',
      imports: [{ source: '#database/columns', namedImports: ['toBoolean'] }],
      decorators: [{ name: '@column', args: { consume: identifier('toBoolean') } }],
    },
  },
  columns: {
    sha256: named('sha256', true),
    file_sha256: named('file_sha256'),
    offer_file_sha256: named('offer_file_sha256'),
    insurance_file_sha256: named('insurance_file_sha256'),
    declaration_file_sha256: named('declaration_file_sha256'),
    token_sha256: named('token_sha256'),
    text_sha256: named('text_sha256'),
    message_sha256: named('message_sha256'),
    logo_sha256: named('logo_sha256'),
    content_sha256: named('content_sha256'),
    rendered_sha256: named('rendered_sha256'),
    signature_sha256: named('signature_sha256'),
    acknowledgement_sha256: named('acknowledgement_sha256'),
    created_at: instant,
    updated_at: instant,
    address_lines: json('string[]'),
    detail: json('Record<string, string | number | boolean | null>'),
    parameters: json('Record<string, string | number | boolean | null>'),
    headers: json('string[]'),
    fields: json('Record<string, string>'),
    mapping: json('Record<string, number>'),
    invoice_ids: json('number[]'),
    request: json('Record<string, string | number>'),
    reasons: json('string[]'),
    cells: json('(string | number | boolean | null)[]'),
    fee_grid: json(`import('#creditors/fee_grid').FeeGrid | null`),
    problems: json(`import('#imports/problems').Problem[]`),
    changes: json(`import('#imports/problems').Change[]`),
    summary: json(`import('#imports/summary').Summary | null`),
  },
} satisfies SchemaRules
