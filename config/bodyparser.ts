import { defineConfig } from '@adonisjs/core/bodyparser'

/**
 * Multipart bodies never reach the framework's parser, which ends the process on
 * a file field named `toString`: `#middleware/multipart_middleware` reads them,
 * on the routes that take files.
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
