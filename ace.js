/**
 * The commands' entry. Plain JavaScript, so that a Node too old for AdonisJS
 * can still say what to do instead of failing on syntax.
 */
import { existsSync } from 'node:fs'

const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Amiable needs Node 24 or later; this is ${process.versions.node}. Use "npm run ace -- ${process.argv.slice(2).join(' ') || '<command>'}", which runs the Node installed with the project.`
  )
  process.exit(1)
}
if (!existsSync(new URL('node_modules/@swc/core', import.meta.url))) {
  console.error('The packages are not installed: run "npm run setup" first.')
  process.exit(1)
}
await import('./bin/loader.js')
await import('./bin/console.ts')
