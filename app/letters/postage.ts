import type { Cents } from '#shared/money'
import type { LetterKind } from '#letters/letter_content'

/**
 * La Poste's public prices of 2026 for a letter of 20 g in France (the registered one R1 with advice of
 * receipt), in cents, and AR24's of a qualified letter (3,99 € before VAT, seen in February 2026): an estimate for
 * the operator, never a line of the debtor's. To be checked each January.
 */
export const POSTAGE_CENTS: Record<LetterKind, Cents> = { simple: 152, lrar: 746, ere: 0, lre: 479 }

/** Three sheets of 80 g/m² and their envelope weigh 20 g; one more sheet costs more than the estimate. */
export const SHEETS_IN_20_G = 3

/** Sheets of paper that a letter takes. */
export const sheetsOf = (
  pages: number,
  { duplex, addressSheets }: { duplex: boolean; addressSheets: boolean }
) => (duplex ? Math.ceil(pages / 2) : pages) + (addressSheets ? 1 : 0)
