import type { LetterDebtor } from '#letters/letter_content'
import type { ComposedLetter } from '#letters/rendering/batch'
import { markup } from '#letters/rendering/markup'
import { windowBlock } from '#letters/templates/parts'

/** A page with nothing but the address, for an envelope whose window must show no line of the letter. */
export const addressSheet = (ref: string, debtor: LetterDebtor): ComposedLetter => ({
  title: `Feuille d’adresse de la lettre ${ref}`,
  body: markup`<header class="letter-head">${windowBlock(debtor)}</header>`,
  foot: null,
  rows: 0,
})
