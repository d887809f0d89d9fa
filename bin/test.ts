/**
 * `npm test`: everything on SQLite, in parts side by side. With arguments, those
 * suites or files in this process. Both close with `N passed, N failed, N skipped`.
 */
export {}

const { argv } = process
if (argv.length > 2) await import('./test_run.js')
else {
  const { runParts } = await import('./test_parts.js')
  process.exitCode = await runParts(['harness', 'browser', 'functional', 'unit'], async () => ({}))
}
