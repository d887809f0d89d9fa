import { writeXlsx } from 'hucre/xlsx'
import type { I18n } from '@adonisjs/i18n'
import { TEMPLATE_HEADERS } from '#imports/fields'

/** U2: a blank table with the known columns, and a second sheet that says what each takes. */
export function templateSheet(i18n: I18n): Promise<Uint8Array> {
  const headers = Object.values(TEMPLATE_HEADERS)
  const guide = Object.entries(TEMPLATE_HEADERS).map(([field, header]) => [
    header,
    i18n.t(`imports.template.${field}.expected`),
    i18n.t(`imports.template.${field}.example`),
  ])
  const head = { font: { bold: true }, alignment: { wrapText: true, vertical: 'center' as const } }
  return writeXlsx({
    sheets: [
      {
        name: i18n.t('imports.template.sheet'),
        columns: headers.map((header) => ({
          width: Math.max(16, Math.min(30, header.length)),
          ...dayFormat(header),
        })),
        rows: [headers],
        rowDefs: new Map([[0, { height: 32 }]]),
        freezePane: { rows: 1 },
        cells: new Map(headers.map((header, column) => [`0,${column}`, { value: header, style: head }])),
      },
      {
        name: i18n.t('imports.template.guide'),
        columns: [{ width: 44 }, { width: 70 }, { width: 44 }],
        rows: [
          [
            i18n.t('imports.template.column'),
            i18n.t('imports.template.expected'),
            i18n.t('imports.template.example'),
          ],
          ...guide,
        ],
        freezePane: { rows: 1 },
      },
    ],
  })
}

const dayFormat = (header: string) => (header.startsWith('Date') ? { numFmt: 'dd/mm/yyyy' } : {})
