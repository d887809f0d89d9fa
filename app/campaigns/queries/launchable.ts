import db from '@adonisjs/lucid/services/db'

export type Launchable = {
  creditor: string
  creditorRef: string
  imports: { ref: string; filename: string; files: number }[]
  /** Files not launched yet, imported or not. */
  files: number
}

/** What waits for a launch: each creditor's new files, and the tables they came in. */
export async function launchable(): Promise<Launchable[]> {
  const rows = await db
    .from('claims')
    .join('creditors', 'creditors.id', 'claims.creditor_id')
    .leftJoin('imports', 'imports.id', 'claims.import_id')
    .where('claims.status', 'new')
    .groupBy('creditors.ref', 'creditors.name', 'imports.ref', 'imports.filename')
    .orderBy('creditors.name')
    .select('creditors.ref as creditor_ref', 'creditors.name as creditor')
    .select('imports.ref as import_ref', 'imports.filename')
    .count('* as files')
  const byCreditor = new Map<string, Launchable>()
  for (const row of rows) {
    const choice: Launchable = byCreditor.get(row.creditor_ref) ?? {
      creditor: row.creditor,
      creditorRef: row.creditor_ref,
      imports: [],
      files: 0,
    }
    byCreditor.set(row.creditor_ref, choice)
    choice.files += Number(row.files)
    if (row.import_ref) {
      choice.imports.push({ ref: row.import_ref, filename: row.filename, files: Number(row.files) })
    }
  }
  return [...byCreditor.values()]
}
