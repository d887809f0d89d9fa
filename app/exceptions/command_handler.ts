import { debuglog, styleText } from 'node:util'
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
    if (thrown instanceof errors.E_COMMAND_NOT_FOUND) return sayClearly(unknownCommand(thrown, kernel))
    sayClearly(thrown)
  }
}

/** The line, wherever the failure came from. */
export function sayClearly(thrown: unknown) {
  const failure: Failure = thrown instanceof Error ? thrown : new Error(String(thrown))
  process.stderr.write(`${styleText('red', '✘', { stream: process.stderr })} ${clearLine(failure)}\n`)
  trace('%s', failure.stack)
}

function clearLine(failure: Failure): string {
  if (failure instanceof Refusal) return failure.message
  const known = failure.code ? KNOWN[failure.code] : undefined
  return oneLine(known ? known(failure) : failure.message)
}

function unknownCommand({ message, commandName }: Failure & { commandName: string }, kernel: Kernel) {
  const close = kernel.getCommandSuggestions(commandName)
  return `${message}.${close.length > 0 ? ` Did you mean ${close.join(' or ')}?` : ''}`
}

const KNOWN: Record<string, (failure: Failure) => string> = {
  ENOENT: ({ path, message }) => (path ? `No such file or folder: ${path}` : message),
  EACCES: ({ path, message }) => (path ? `Not allowed to read or write ${path}` : message),
  EISDIR: ({ path, message }) => (path ? `${path} is a folder` : message),
  ENOSPC: () => 'The disk is full: nothing was written',
  ECONNREFUSED: ({ message }) => `Nothing answers there: ${message || 'connection refused'}`,
  EADDRINUSE: ({ message }) => `Another program listens there already (${message}): set PORT`,
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
