import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/**
 * The number of a registered letter as La Poste prints it on the slip, without
 * spaces: two characters for the product and eleven digits, `2C12345678901`.
 */
export const isRegisteredNumber = (text: string) => /^\d[A-Z]\d{11}$/.test(text)

/** As it is stored: readers of barcodes and people add spaces and dots. */
export const tidyRegisteredNumber = (typed: string) => typed.replace(/[\s.\u00a0\u202f-]/g, '').toUpperCase()

/** One number, one letter: La Poste never gives it twice. */
export async function isNumberTaken(client: QueryClientContract, number: string, byOtherThan: number) {
  const other = await client
    .from('letters')
    .where('registered_number', number)
    .whereNot('id', byOtherThan)
    .select('id')
    .first()
  return other !== null
}
