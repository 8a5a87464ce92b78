import { createSignInLink, type Database, initialize, install, systemClock } from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import { createClosers } from '../closers.ts'
import type { Config } from '../config.ts'
import type { DataFiles } from '../data-files.ts'
import { openPostgres } from './database.ts'

export const INIT_COMMAND = 'node apps/server/src/main.ts init'

const notInitialized = (): Error =>
  Object.assign(
    new Error(
      `The database of DATABASE_URL has no organisation yet. Run \`${INIT_COMMAND}\` once with the same environment: it makes one and shows its owner key.`,
    ),
    { code: 'not_initialized' },
  )

/**
 * The organisation of this installation. On a database of our own the first start makes it, with a file for the owner key; a shared one
 * has to be prepared by a command, because no process among several is the one to show a key.
 */
export async function openInstallation(
  config: Config,
  database: Database,
  files: DataFiles,
): Promise<{ organizationId: string }> {
  const { maxUploadBytes } = config
  if (config.cloud.databaseUrl === null) return install({ database, ownerKey: files.ownerKey }, { maxUploadBytes })
  const existing = await database.installation.findFirstOrganization()
  if (!existing) throw notInitialized()
  return { organizationId: existing.id }
}

interface CommandInput {
  publicUrl: string
  log: FastifyBaseLogger
  /** The terminal: credentials go nowhere else. */
  write(line: string): void
}

/** `init`: prepares the database of DATABASE_URL and shows the owner key, once; with `--new-owner-key` another one. */
export async function initializeDatabase(config: Config, args: readonly string[], input: CommandInput): Promise<void> {
  if (config.cloud.databaseUrl === null)
    throw new UsageError(
      'init is for a database of your own: set DATABASE_URL. The embedded one is prepared by the first start.',
    )
  const closers = createClosers()
  try {
    const { database } = await openPostgres(config, input.log, closers)
    const anotherKey = args.includes('--new-owner-key')
    const { maxUploadBytes } = config
    const { organizationId, ownerKey } = await initialize({ database }, { maxUploadBytes, anotherKey })
    if (ownerKey === null) {
      input.write(`The database is prepared already. If the owner key is lost: ${INIT_COMMAND} --new-owner-key`)
      return
    }
    const { credentials } = database
    const token = await createSignInLink({ credentials, clock: systemClock }, { organizationId })
    input.write(`Owner key, shown only now: ${ownerKey}`)
    input.write(`The console, for 15 minutes and one visit: ${input.publicUrl}/#token=${token}`)
  } finally {
    await closers.close()
  }
}

/** A command that cannot be what was meant. */
export class UsageError extends Error {
  readonly code = 'usage'
}
