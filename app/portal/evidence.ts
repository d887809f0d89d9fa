import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { mediaTypeOf, type MediaType } from '#shared/media_type'
import { MEGABYTE } from '#shared/uploads'
import type { Evidence } from '#claims/actions/raise_dispute'
import type { Problem } from '#portal/problems'

export const MOST_FILES = 5
export const MOST_BYTES_PER_FILE = 10 * MEGABYTE

const TAKEN: readonly MediaType[] = ['application/pdf', 'image/jpeg', 'image/png']

/**
 * The documents joined to a form, known by their content: a name and a declared
 * type are only what a browser says.
 */
export async function readEvidence(
  request: HttpContext['request']
): Promise<{ evidence: Evidence[]; problem: Problem | null }> {
  const evidence: Evidence[] = []
  for (const file of request.files('files')) {
    const values = { name: file.clientName }
    if (file.size > MOST_BYTES_PER_FILE) {
      return { evidence: [], problem: { field: 'files', key: 'files_size', values } }
    }
    const bytes = await readFile(file.tmpPath!)
    const mediaType = mediaTypeOf(bytes)
    if (!mediaType || !TAKEN.includes(mediaType)) {
      return { evidence: [], problem: { field: 'files', key: 'files_kind', values } }
    }
    evidence.push({ name: file.clientName, bytes, mediaType })
  }
  return { evidence, problem: null }
}
