import { clock } from '#shared/clock'
import { currentTerms } from '#creditors/terms'
import type Import from '#imports/models/import'
import { countViews, lotsOf } from '#imports/queries/row_views'

type Block = { kind: 'title' | 'heading' | 'text'; text: string }

/** What is about to be imported, and the conditions that come with it. */
export async function commitPage(staged: Import) {
  await staged.load('creditor')
  const lots = await lotsOf(staged)
  const { version, text } = await currentTerms()
  return {
    found: staged,
    lots,
    claims: lots.reduce((total, lot) => total + lot.files, 0),
    dueCents: lots.reduce((total, lot) => total + lot.dueCents, 0),
    counts: await countViews(staged),
    mandate: await staged.creditor.mandateOn(clock.today()),
    terms: { version, blocks: blocksOf(text) },
  }
}

/** The terms are our own text: titles, numbered headings and paragraphs. */
const blocksOf = (text: string): Block[] =>
  text.split(/\n{2,}/).map((block) => {
    const line = block.trim()
    if (line.startsWith('## ')) return { kind: 'heading', text: line.slice(3) }
    return line.startsWith('# ') ? { kind: 'title', text: line.slice(2) } : { kind: 'text', text: line }
  })
