/**
 * One measure of the import bench, in a process and on a database of its own:
 * `import.child.ts <ours|exceljs> <file> <rows>` prints its figures as JSON.
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { onEmptyDatabase } from './ground.ts'

const [method, file, size] = process.argv.slice(2) as [string, string, string]
const rows = Number(size)
console.log(JSON.stringify(await (method === 'ours' ? onEmptyDatabase(receiveStageCommit) : exceljs())))

/** From the bytes received to claims committed, each row checked on the way. */
async function receiveStageCommit() {
  const { populate } = await import('./import.sample.ts')
  const { default: ReceiveFile } = await import('#imports/actions/receive_file')
  const { default: StageImport } = await import('#imports/actions/stage_import')
  const { default: CommitImport } = await import('#imports/actions/commit_import')
  const creditor = await populate()
  const columns = { by: 'recognition' } as const
  const bytes = await readFile(file)

  const startedAt = performance.now()
  const { id } = await new ReceiveFile().handle({
    creditor,
    columns,
    bytes,
    filename: basename(file),
    mediaType: 'application/octet-stream',
    userId: null,
  })
  const previewedAt = performance.now()
  const staged = await new StageImport().handle({ importId: id, columns })
  const stagedAt = performance.now()
  const commit = { importId: id, partial: false, acceptTerms: false, userId: null, ip: null }
  const committed = await new CommitImport().handle(commit)
  const endedAt = performance.now()

  if (staged.outcome !== 'staged' || committed.outcome !== 'committed' || committed.summary.claims !== rows) {
    throw new Error(`not imported: ${JSON.stringify({ staged, committed })}`)
  }
  return {
    seconds: (endedAt - startedAt) / 1000,
    preview: (previewedAt - startedAt) / 1000,
    stage: (stagedAt - previewedAt) / 1000,
    commit: (endedAt - stagedAt) / 1000,
    childMb: staged.peakMb,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** The bare parse: every cell read as a stream, nothing kept. */
async function exceljs() {
  const { default: ExcelJS } = await import('exceljs')
  const startedAt = performance.now()
  let read = 0
  const workbook = new ExcelJS.stream.xlsx.WorkbookReader(file, {
    sharedStrings: 'cache',
    worksheets: 'emit',
  })
  for await (const sheet of workbook) for await (const row of sheet) read += Number(row.hasValues)
  if (read !== rows + 1) throw new Error(`exceljs read ${read} rows`)
  return {
    seconds: (performance.now() - startedAt) / 1000,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}
