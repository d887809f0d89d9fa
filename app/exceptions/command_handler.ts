import { debuglog } from 'node:util'
import { errors, type Kernel } from '@adonisjs/core/ace'
import { Refusal } from '#shared/refusal'

const trace = debuglog('amiable')

type Failure = Error & { code?: string; help?: string; path?: string }

/**
 * Says in one line on standard error why a command stopped; `NODE_DEBUG=amiable`
 * adds the stack.
 */
export default class CommandExceptionHandler {
  async render(thrown: unknown, kernel: Kernel) {
    const failure: Failure = thrown instanceof Error ? thrown : new Error(String(thrown))
    process.stderr.write(`${kernel.ui.colors.red('✘')} ${clearLine(failure, kernel)}\n`)
    trace('%s', failure.stack)
  }
}

function clearLine(failure: Failure, kernel: Kernel): string {
  if (failure instanceof Refusal) return failure.message
  if (failure instanceof errors.E_COMMAND_NOT_FOUND) return unknownCommand(failure, kernel)
  const known = failure.code ? KNOWN[failure.code] : undefined
  return oneLine(known ? known(failure) : failure.message)
}

function unknownCommand(failure: Failure & { commandName: string }, kernel: Kernel): string {
  const close = kernel.getCommandSuggestions(failure.commandName)
  return `${failure.message}.${close.length > 0 ? ` Did you mean ${close.join(' or ')}?` : ''}`
}

const KNOWN: Record<string, (failure: Failure) => string> = {
  ENOENT: ({ path, message }) => (path ? `No such file: ${path}` : message),
  EACCES: ({ path, message }) => (path ? `Not allowed to read or write ${path}` : message),
  EISDIR: ({ path, message }) => (path ? `${path} is a folder` : message),
  ENOSPC: () => 'The disk is full: nothing was written',
  ECONNREFUSED: ({ message }) => `Nothing answers there: ${message || 'connection refused'}`,
  E_INVALID_ENV_VARIABLES: ({ help }) => `The environment is not right: ${help ?? 'see .env.example'}`,
  SQLITE_CANTOPEN: () => 'The database file cannot be opened: check DB_FILE and the rights on its folder',
  SQLITE_READONLY: () => 'The database file cannot be written: check the rights on it and on its folder',
  SQLITE_NOTADB: () => 'DB_FILE is not a SQLite database',
  SQLITE_FULL: () => 'The disk is full: nothing was written',
}

const oneLine = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' · ')
