import LetterTemplate from '#letters/models/letter_template'

/** Every template, by name, with whom it is for and where it stands. */
export async function templateList() {
  const templates = await LetterTemplate.query()
    .orderBy('name')
    .orderBy('id')
    .preload('creditor')
    .preload('versions', (versions) => versions.orderBy('number', 'desc'))
  return templates.map((template) => {
    const published = template.versions.find(({ state }) => state === 'published') ?? null
    const draft = template.versions.find(({ state }) => state === 'draft') ?? null
    return {
      template,
      creditor: template.creditor?.name ?? null,
      published,
      draft,
      /** The last time anything of it changed. */
      changedAt: (draft ?? published)!.updatedAt,
    }
  })
}
