import db from '@adonisjs/lucid/services/db'
import { readStoredFile } from '#shared/files'
import { mediaTypeOf } from '#shared/media_type'
import type { DebtorKind } from '#debtors/models/debtor'
import LetterTemplate from '#letters/models/letter_template'
import type TemplateVersion from '#letters/models/template_version'
import { loadTemplateFacts } from '#letters/queries/template_facts'
import { isLetterTemplate } from '#letters/templates/catalogue'
import type { TemplateChannel } from '#letters/templates/channels'
import type { Logo } from '#letters/templates/context'
import type { WrittenTemplate } from '#letters/templates/written'

export interface Wanted {
  claimId: number
  /** What the step names. */
  slug: string
  /** Of the letter or email that it writes, to find who follows the file. */
  actionId?: number | null
}

/**
 * What writes it: words of the agency, the built-in letter, nothing that is
 * published, or words that are no longer what was published (rule 12).
 */
export type Choice = WrittenTemplate | 'built_in' | 'missing' | 'altered'

/** Where letters are posted or handed over; a step says which by itself. */
export const LETTER_CHANNELS: readonly TemplateChannel[] = ['letter', 'lrar', 'ere']

/**
 * The published template each file's letter is written from, in the order asked
 * for: the creditor's own before that for all, made for its kind of debtor before
 * that for any, in the debtor's language before French.
 */
export async function chooseTemplates(
  wanted: readonly Wanted[],
  channels: readonly TemplateChannel[]
): Promise<Choice[]> {
  const published = await publishedNamed([...new Set(wanted.map(({ slug }) => slug))], channels)
  if (published.length === 0) return wanted.map(({ slug }) => unwritten(slug))
  const files = await loadFiles([...new Set(wanted.map(({ claimId }) => claimId))])
  const chosen = wanted.map(({ slug, claimId }) => best(published, slug, files.get(claimId)!))
  const facts = await loadTemplateFacts(wanted.filter((_, index) => chosen[index]))
  const logos = await loadLogos(chosen.flatMap((one) => one?.version.logoSha256 ?? []))
  return wanted.map(({ slug, claimId, actionId }, index) => {
    const one = chosen[index]
    if (!one) return unwritten(slug)
    if (one.version.hashIn(one.template) !== one.version.contentSha256) return 'altered'
    return {
      versionId: one.version.id,
      text: one.template.textOf(one.version),
      facts: facts(claimId, actionId),
      logo: one.version.logoSha256 ? logos.get(one.version.logoSha256)! : null,
    }
  })
}

/** A built-in letter, or one of which something is published. */
export async function isKnownTemplate(slug: string): Promise<boolean> {
  return isLetterTemplate(slug) || (await publishedNamed([slug], LETTER_CHANNELS)).length > 0
}

const unwritten = (slug: string): Choice => (isLetterTemplate(slug) ? 'built_in' : 'missing')

type Published = { template: LetterTemplate; version: TemplateVersion }
type File = { creditorId: number; kind: DebtorKind; locale: string }

async function publishedNamed(slugs: string[], channels: readonly TemplateChannel[]): Promise<Published[]> {
  const templates = await LetterTemplate.query()
    .whereIn('slug', slugs)
    .whereIn('channel', [...channels])
    .preload('versions', (versions) => versions.where('state', 'published').orderBy('number', 'desc'))
  return templates.flatMap((template) => {
    const [version] = template.versions
    if (!version) return []
    return [{ template, version }]
  })
}

function best(published: Published[], slug: string, { creditorId, kind, locale }: File): Published | null {
  const fit = ({ template }: Published) =>
    (template.creditorId === null ? 0 : 8) +
    (template.audience === 'any' ? 0 : 4) +
    (template.language === locale ? 2 : 0) +
    (template.language === 'fr' ? 1 : 0)
  const eligible = published.filter(
    ({ template }) =>
      template.slug === slug &&
      (template.creditorId === null || template.creditorId === creditorId) &&
      (template.audience === 'any' || template.audience === kind)
  )
  return eligible.toSorted((a, b) => fit(b) - fit(a))[0] ?? null
}

async function loadFiles(claimIds: number[]): Promise<Map<number, File>> {
  const rows = await db
    .from('claims')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .whereIn('claims.id', claimIds)
    .select('claims.id', 'claims.creditor_id', 'debtors.kind', 'debtors.locale')
  return new Map(
    rows.map((row) => [
      Number(row.id),
      { creditorId: Number(row.creditor_id), kind: row.kind, locale: row.locale },
    ])
  )
}

/** Read and checked against its hash. */
export async function loadLogo(sha256: string): Promise<Logo> {
  const bytes = await readStoredFile(sha256)
  const mediaType = mediaTypeOf(bytes)
  if (mediaType !== 'image/png' && mediaType !== 'image/jpeg') {
    throw new Error(`the stored file ${sha256} is no image`)
  }
  return { mediaType, base64: bytes.toString('base64') }
}

async function loadLogos(hashes: string[]): Promise<Map<string, Logo>> {
  const loaded = new Map<string, Logo>()
  for (const hash of new Set(hashes)) loaded.set(hash, await loadLogo(hash))
  return loaded
}
