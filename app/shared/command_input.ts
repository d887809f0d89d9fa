import { readFile } from 'node:fs/promises'
import { errors, type VineValidator } from '@vinejs/vine'
import type { Infer, SchemaTypes } from '@vinejs/vine/types'
import { Refusal } from '#shared/refusal'

/** Checks what a command was given; the first thing wrong becomes its one clear line. */
export async function readInput<Schema extends SchemaTypes>(
  validator: VineValidator<Schema, Record<string, unknown> | undefined>,
  given: unknown
): Promise<Infer<Schema>> {
  try {
    return await validator.validate(given, { meta: {} })
  } catch (error) {
    if (!(error instanceof errors.E_VALIDATION_ERROR)) throw error
    const { field, message, rule } = error.messages[0]
    throw new Refusal(rule === 'required' ? `"${field}" is missing` : `"${field}": ${message}`)
  }
}

/** A JSON file named on the command line, checked the same way. */
export async function readJsonFile<Schema extends SchemaTypes>(
  validator: VineValidator<Schema, Record<string, unknown> | undefined>,
  path: string
): Promise<Infer<Schema>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`${path} cannot be read: ${error.code ?? error.message}`)
  })
  return readInput(validator, parsed(path, text))
}

function parsed(path: string, text: string): unknown {
  try {
    // Windows' editors begin a file with a mark.
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new Refusal(`${path} is not JSON: ${(error as Error).message}`)
  }
}
