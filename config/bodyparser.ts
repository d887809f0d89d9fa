import { defineConfig } from '@adonisjs/core/bodyparser'

/**
 * Multipart bodies are read only on the upload routes, by `#middleware/upload_middleware`,
 * which refuses hostile field names first: a file field named `toString` or
 * `__proto__` ends the process in the framework's parser.
 */
export default defineConfig({
  allowedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  form: { convertEmptyStringsToNull: true, types: ['application/x-www-form-urlencoded'] },
  json: { convertEmptyStringsToNull: true, types: ['application/json'], limit: '1mb' },
  multipart: {
    autoProcess: false,
    convertEmptyStringsToNull: true,
    processManually: [],
    limit: '25mb',
    types: ['multipart/form-data'],
  },
})
