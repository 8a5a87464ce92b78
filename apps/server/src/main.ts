import { createServer } from 'node:net'
import { buildConsole, isConsoleStale } from '@calotype/console'
import type { FastifyBaseLogger } from 'fastify'
import { backUp, restore, transferTo } from './backup/commands.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { createLogger } from './logger.ts'
import { publicUrlOf } from './public-url.ts'
import { compose } from './wiring/compose.ts'
import { diagnose } from './wiring/doctor.ts'
import { initializeDatabase, UsageError } from './wiring/installation.ts'
import { applyStorageSettings } from './wiring/storage-settings.ts'

/** The work that is under way gets this long after a signal; then the process ends anyway. */
const STOP_GRACE_MS = 25_000

async function main(): Promise<void> {
  const [command, ...words] = process.argv.slice(2)
  // It judges the configuration, too.
  if (command === 'doctor') return runDoctor(words)
  const config = readConfig(process.env)
  const log = createLogger(config)
  const port = config.port === 0 ? await findFreePort(config.host) : config.port
  const publicUrl = publicUrlOf(config, port)
  if (await runCommand(process.argv.slice(2), config, publicUrl, log)) return
  const composition = await compose(config, publicUrl, log)
  const stop = createStop(() => composition.close(), log)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal))
  // On a database that others share, a link is made by `init`.
  const link = config.cloud.databaseUrl === null ? await composition.issueConsoleLink() : null
  await composition.app.listen({ port, host: config.host })
  // The link is a credential: a person at a terminal sees it, a log file does not.
  if (process.stdout.isTTY && link !== null)
    process.stdout.write(`\n  Calotype listens on ${publicUrl}\n  Open the console: ${link}\n\n`)
  log.info({ url: publicUrl, data: config.dataDirectory }, 'listening')
  if (config.cloud.servesApi) void prepareConsole(log)
}

async function runDoctor(words: readonly string[]): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  process.exitCode = await diagnose(process.env, words, { out: process.stdout, signal: stopping.signal })
}

/** What is done once instead of serving; false where nothing was asked for. */
async function runCommand(
  words: readonly string[],
  config: Config,
  publicUrl: string,
  log: FastifyBaseLogger,
): Promise<boolean> {
  const [command, ...rest] = words
  if (command === undefined) return false
  const input = { publicUrl, log, write: (line: string) => void process.stdout.write(`${line}\n`) }
  if (command === 'init') await initializeDatabase(config, rest, input)
  else if (command === 'storage' && rest[0] === 'apply')
    process.exitCode = await applyStorageSettings(config, rest.slice(1), input)
  else if (command === 'backup') await backUp(config, rest, { ...input, screen: process.stderr })
  else if (command === 'restore') await restore(config, rest, { ...input, screen: process.stderr })
  else if (command === 'transfer') await transferTo(config, rest, { ...input, screen: process.stderr })
  else
    throw new UsageError(
      `There is no command ${words.join(' ')}; there are: init, storage apply, doctor, backup, restore, transfer`,
    )
  return true
}

async function prepareConsole(log: FastifyBaseLogger): Promise<void> {
  try {
    if (!(await isConsoleStale())) return
    await buildConsole()
    log.info('the console is built')
  } catch (error) {
    log.error({ err: error }, 'the console could not be built')
  }
}

function createStop(close: () => Promise<void>, log: FastifyBaseLogger): (signal: string) => void {
  let stopping = false
  return signal => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), STOP_GRACE_MS).unref()
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopped with errors')
        process.exit(1)
      },
    )
  }
}

/** URLs are signed for a port that has to be known before anything listens. */
function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || (error instanceof Error && 'code' in error)
  process.stderr.write(
    `${expected && error instanceof Error ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
})
