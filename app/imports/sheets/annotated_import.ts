import type { I18n } from '@adonisjs/i18n'
import type Import from '#imports/models/import'
import { currentRules } from '#imports/rules'
import { annotatedSheet } from '#imports/sheets/annotated_sheet'
import { countedRows, findingMessage, summarise } from '#imports/summary'
import { saidByRow } from '#imports/table_report'

/** The sheet of an import as it stands: what was typed again in place of what was read. */
export async function annotatedImport(found: Import, i18n: I18n): Promise<ReadableStream<Uint8Array>> {
  const corrected = await found.related('rows').query().whereNotNull('correctedAt').select('row', 'cells')
  const summary = summarise(await countedRows(found.id), found.columns)
  return annotatedSheet({
    ...found.columns,
    path: found.path,
    sheet: found.sheet ?? '',
    headerRow: found.headerRow!,
    rules: await currentRules(found.creditorId),
    said: saidByRow(summary, (finding) => findingMessage(finding, i18n)),
    corrected: new Map(corrected.map(({ row, cells }) => [row, cells])),
  })
}
