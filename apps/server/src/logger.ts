import type { FastifyBaseLogger } from 'fastify'
import pino from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'

/** Secrets that could come along with an object are cut out, wherever they are. */
const REDACTED = [
  'authorization',
  'cookie',
  '*.authorization',
  '*.cookie',
  'headers.authorization',
  'headers.cookie',
  '*.headers.authorization',
  '*.headers.cookie',
  '*.token',
  '*.secret',
  '*.signature',
]

/** Lines go out together, because one write for each costs more than the request it tells of; a quiet line waits this long at most. */
const LOG_BUFFER_BYTES = 4 * 1024
const LOG_DELAY_MS = 100

/** What an error says, and nothing that it carries along: some bring the connection they happened on, with its secrets. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {}
  return { type: error.name, message: error.message, ...code, ...cause, stack: error.stack }
}

/** Lines of JSON to standard output, or coloured text for people. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logFormat'>): FastifyBaseLogger {
  const options: pino.LoggerOptions = {
    level: config.logLevel,
    base: null,
    timestamp: createIsoTime(),
    formatters: { level: label => ({ level: label }) },
    serializers: { err: describeError },
    redact: { paths: REDACTED, censor: '(hidden)' },
  }
  if (config.logFormat === 'pretty')
    return pino(options, pretty({ colorize: process.stdout.isTTY === true, singleLine: true }))
  return pino(options, pino.destination({ sync: false, minLength: LOG_BUFFER_BYTES, periodicFlush: LOG_DELAY_MS }))
}

/** The time as pino adds it, made once a millisecond: in a busy one many lines share it. */
function createIsoTime(): () => string {
  let made = 0
  let field = ''
  return () => {
    const now = Date.now()
    if (now !== made) {
      made = now
      field = `,"time":"${new Date(now).toISOString()}"`
    }
    return field
  }
}
