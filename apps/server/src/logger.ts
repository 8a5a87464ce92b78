import type { FastifyBaseLogger } from 'fastify'
import pino from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'
import { workContext } from './work-context.ts'

/** Secrets, and places where photos were taken, that come along with an object are cut out, however deep they are. */
const HIDDEN_NAMES: ReadonlySet<string> = new Set([
  ...['authorization', 'cookie', 'set-cookie', 'token', 'secret', 'signature', 'password', 'newpassword'],
  ...['currentpassword', 'gps', 'latitude', 'longitude', 'altitude'],
])
const HIDDEN = '(hidden)'

/** Deeper than this nothing is shown: what refers to itself would have no end. */
const MAX_DEPTH = 8

/** A copy without secrets, or the object itself where it has none: most lines have none, and copies cost. */
export function hideNames(object: Record<string, unknown>, depth = 0): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  for (const [name, value] of Object.entries(object)) {
    const shown = HIDDEN_NAMES.has(name.toLowerCase()) && value !== null ? HIDDEN : hideWithin(value, depth + 1)
    if (shown === value) continue
    copy ??= { ...object }
    copy[name] = shown
  }
  return copy ?? object
}

function hideWithin(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) {
    if (depth > MAX_DEPTH) return HIDDEN
    const shown = value.map(part => hideWithin(part, depth + 1))
    return shown.some((part, index) => part !== value[index]) ? shown : value
  }
  if (!isPlain(value)) return value
  return depth > MAX_DEPTH ? HIDDEN : hideNames(value, depth)
}

/** Errors, requests and the like have serializers of their own. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The last net, for text that brings a secret along (an error's message, a path): our own secrets, JWTs, bearers, passwords of connection
 * strings, and the signatures and tokens of URLs.
 */
const SECRET_TEXT = new RegExp(
  [
    String.raw`cal_[a-z]+_[\w-]{20,}`,
    String.raw`eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*`,
    String.raw`(?<=\bbearer )[^\s"\\]+`,
    String.raw`(?<=://[^\s/:@"]+:)[^\s/@"]+(?=@)`,
    String.raw`(?<=[?&#](?:sig|signature|token|code|password|secret|x-amz-signature|x-amz-security-token)=)[^&\s"\\#]+`,
    String.raw`(?<=/reset-password/)[\w-]{8,}`,
  ].join('|'),
  'gi',
)
/** A line with none of these has no secret text: searching for them costs a tenth of the expression. */
const HINTS = ['cal_', 'eyJ', 'earer ', 'EARER ', '@', '=', '/reset-password/']

/** A line of the log without what looks like a secret in it. */
export const hideSecrets = (line: string): string =>
  HINTS.some(hint => line.includes(hint)) ? line.replace(SECRET_TEXT, HIDDEN) : line

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

/** What is said of the work that is under way. Loggers of a request say its id already: nothing is said twice. */
function contextFor(logger: object): object {
  const work = workContext.getStore()
  if (!work || work.over) return {}
  const bound: unknown = Reflect.get(logger, pino.symbols.chindingsSym)
  if (typeof bound !== 'string' || !bound.includes('"request_id"')) return { ...work.fields }
  const { trace_id } = work.fields
  return trace_id === undefined ? {} : { trace_id }
}

/** How lines are made: with their level as a word, the time, and no secrets. */
export const loggerOptions = (config: Pick<Config, 'logLevel'>): pino.LoggerOptions => ({
  level: config.logLevel,
  base: null,
  timestamp: createIsoTime(),
  formatters: { level: label => ({ level: label }), log: object => hideNames(object) },
  serializers: { err: describeError },
  mixin: (_line, _level, logger) => contextFor(logger),
  hooks: { streamWrite: hideSecrets },
})

/** Lines of JSON to standard output, or coloured text for people. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logFormat'>): FastifyBaseLogger {
  const options = loggerOptions(config)
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
