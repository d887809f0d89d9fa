import db from '@adonisjs/lucid/services/db'
import type LetterTemplate from '#letters/models/letter_template'
import type TemplateVersion from '#letters/models/template_version'
import { ALIGNMENTS, COLOURS, SIZES } from '#letters/templates/allowed'
import { isLetterChannel, isPlainChannel } from '#letters/templates/channels'
import { textOf, readTemplate } from '#letters/templates/html'
import { lintTemplate } from '#letters/templates/lint'
import { tagReference } from '#letters/templates/tag_reference'
import { mayStandIn, tagNamed } from '#letters/templates/tags'

/** Files to try a template on: the last that were touched. */
const FILES_TO_TRY = 20

/** What the page that writes a template shows. */
export async function templateEditor(
  template: LetterTemplate,
  version: TemplateVersion,
  file: string | null
) {
  const { channel, language } = template
  return {
    template,
    version,
    file,
    body: isPlainChannel(channel) ? textOf(readTemplate(version.body)).trim() : version.body,
    messages: lintTemplate(template.textOf(version)),
    files: await filesToTry(template),
    groups: tagReference(language)
      .map(({ group, tags }) => ({
        group,
        tags: tags.filter(({ name }) => mayStandIn(tagNamed(name)!, channel)),
      }))
      .filter(({ tags }) => tags.length > 0),
    hasSubject: !isPlainChannel(channel),
    hasMarks: !isPlainChannel(channel),
    hasLogo: isLetterChannel(channel),
    choices: {
      colours: Object.keys(COLOURS),
      sizes: Object.keys(SIZES),
      alignments: Object.keys(ALIGNMENTS),
    },
  }
}

async function filesToTry({ creditorId, audience }: LetterTemplate) {
  const query = db
    .from('claims')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .where('claims.due_cents', '>', 0)
    .orderBy('claims.last_activity_at', 'desc')
    .orderBy('claims.id', 'desc')
    .limit(FILES_TO_TRY)
    .select('claims.ref')
    .select(db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'))
  if (creditorId !== null) void query.where('claims.creditor_id', creditorId)
  if (audience !== 'any') void query.where('claims.kind', audience)
  return (await query).map(({ ref, debtor }) => ({ ref: String(ref), debtor: String(debtor) }))
}
