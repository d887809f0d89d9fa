import type { Language } from '#letters/templates/language'
import { parseTemplate } from '#letters/templates/parse'
import { renderText } from '#letters/templates/render'
import { sampleContext } from '#letters/templates/sample'
import { TAG_GROUPS, TAGS, type TagGroup } from '#letters/templates/tags'

export interface TagLine {
  name: string
  kind: 'text' | 'amount' | 'link' | 'block'
  /** What it says for the sample file; of a table, its first lines. */
  example: string
}

const LONGEST_EXAMPLE = 120

/** Every tag with its example, by group: the page of tags and the picker. */
export function tagReference(language: Language): { group: TagGroup; tags: TagLine[] }[] {
  const context = sampleContext(language)
  return TAG_GROUPS.map((group) => ({
    group,
    tags: TAGS.filter((tag) => tag.group === group).map(({ name, kind }) => {
      const text = renderText(parseTemplate(`<p>#${name}</p>`), context)
      const example = text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE).trimEnd()}…` : text
      return { name, kind, example }
    }),
  }))
}
