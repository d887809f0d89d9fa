/**
 * Everything about the code that a machine can check, one line each; closes
 * with `N passed, N failed, N skipped`. `--write` writes the generated files anew.
 */
import { spawn } from 'node:child_process'

const CHECKS = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']],
  ['lint and import boundaries', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0']],
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['project', ['--import=./bin/loader.js', 'bin/checks/run.ts', ...process.argv.slice(2)]],
]

const root = new URL('../', import.meta.url)
let passed = 0
let failed = 0

for (const running of CHECKS.map(([name, args]) => start(name, args))) {
  const { name, code, output } = await running
  const verdicts = output.match(/^[✔✘] .*$/gm)?.length ?? 0
  const problems = output.match(/^✘ .*$/gm)?.length ?? 0
  if (verdicts === 0) console.log(`${code === 0 ? '✔' : '✘'} ${name}`)
  if (code !== 0 || verdicts > 0) console.log(output.trimEnd())
  passed += verdicts === 0 ? Number(code === 0) : verdicts - problems
  failed += problems || Number(code !== 0)
}

console.log(`${passed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed > 0 ? 1 : 0

function start(name, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => resolve({ name, code, output }))
  })
}
