/** What one spreadsheet may cost. The reader refuses beyond; nothing of the file enters then. */
export type Limits = {
  /** Bytes of the file itself. */
  fileBytes: number
  /** Bytes really inflated from an archive, whatever it declares. */
  inflatedBytes: number
  rows: number
  /** Cells to the right of it are not read. */
  columns: number
  /** Resident memory of the reader's process. */
  memoryMb: number
  /** V8's heap in the reader: below `memoryMb`, which also counts Node itself and buffers. */
  heapMb: number
  seconds: number
}

export const LIMITS: Limits = {
  fileBytes: 64 * 1024 * 1024,
  inflatedBytes: 384 * 1024 * 1024,
  rows: 200_000,
  columns: 100,
  memoryMb: 256,
  heapMb: 128,
  seconds: 60,
}

/** Why a file is not read, each with its sentence in the `imports.refusals` words. */
export const REFUSALS = [
  'empty',
  'too_large',
  'too_many_rows',
  'too_slow',
  'damaged',
  'encrypted',
  'old_excel',
  'binary_excel',
  'numbers',
  'document',
  'unsupported',
  'no_table',
] as const

export type RefusalCode = (typeof REFUSALS)[number]

/** The file cannot be read, and why. `detail` is for the log, never for the page. */
export class Unreadable extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, detail: string = code) {
    super(detail)
    this.code = code
  }
}
