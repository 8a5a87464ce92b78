import { readFile } from 'node:fs/promises'
import { parseArgs, parseEnv } from 'node:util'
import {
  checkBackup,
  type InstallationSecrets,
  type KeyTally,
  makeBackup,
  markOf,
  openBackup,
  restoreBackup,
  secretDiffers,
  systemClock,
  type Transferred,
  transfer,
} from '@calotype/core'
import type { FastifyBaseLogger } from 'fastify'
import { createClosers } from '../closers.ts'
import { type Config, readConfig } from '../config.ts'
import {
  openAlone,
  openArchive,
  openBesideServer,
  openLedger,
  openTarget,
  readSecrets,
  secretKeeperOf,
} from '../wiring/copies.ts'
import { UsageError } from '../wiring/installation.ts'
import { count, showProgress, size } from './progress.ts'

export interface CopyInput {
  log: FastifyBaseLogger
  /** What a person or a script reads. */
  write(line: string): void
  /** Where the progress goes. */
  screen: { isTTY?: boolean; write(text: string): unknown }
}

const USAGE = {
  backup: 'backup --to DIRECTORY|s3://BUCKET/FOLDER [--without-secrets]',
  restore: 'restore --from DIRECTORY|s3://BUCKET/FOLDER [--check]',
  transfer: 'transfer --to FILE, where FILE has the variables of the other server, one NAME=value per line',
}

/** `backup`: copies this installation, running or not, to a place from which `restore` makes it anew. */
export async function backUp(config: Config, words: readonly string[], input: CopyInput): Promise<void> {
  const { place, flag } = readWords('backup', words, 'to', 'without-secrets')
  const closers = createClosers()
  const progress = showProgress(input.screen)
  try {
    const { database, blobs } = await openBesideServer(config, input.log, closers)
    const archive = await openArchive(place, config, closers, { writing: true })
    const secrets = await readSecrets(config)
    const made = await makeBackup(
      { database, blobs, archive, clock: systemClock },
      { secrets, withoutSecrets: flag },
      progress.on,
    )
    progress.end()
    tellTallies(made, input)
    input.write(
      `Backed up ${count(made.rows)} rows of ${made.tables} tables and ${objects(made.objects)}; ${objects(made.fresh)} had to be copied.`,
    )
    if (flag) input.write('Keep SECRET_KEY elsewhere: without it this backup cannot be restored.')
    else input.write('The backup holds the secret of the installation: keep it as safe as that.')
  } finally {
    progress.end()
    await closers.close()
  }
}

/** `restore`: makes an installation of a backup, where there is none; with `--check` only reads the backup. */
export async function restore(config: Config, words: readonly string[], input: CopyInput): Promise<void> {
  const { place, flag } = readWords('restore', words, 'from', 'check')
  const closers = createClosers()
  const progress = showProgress(input.screen)
  try {
    const archive = await openArchive(place, config, closers, { writing: false })
    const manifest = await openBackup(archive)
    if (flag) await checkBackup(archive, manifest, progress.on)
    else {
      const { database, blobs } = await openTarget(config, input.log, closers)
      await restoreBackup({ archive, database, blobs, secrets: secretKeeperOf(config) }, progress.on)
    }
    progress.end()
    tellTallies(manifest, input)
    const what = `The backup of ${manifest.madeAt} with ${objects(manifest.objects)}`
    input.write(flag ? `${what} is whole.` : `${what} is restored; every row and object was read back.`)
  } finally {
    progress.end()
    await closers.close()
  }
}

/** `transfer`: brings this installation, which must not be served, to the one that the file describes. */
export async function transferTo(config: Config, words: readonly string[], input: CopyInput): Promise<void> {
  const { place } = readWords('transfer', words, 'to', null)
  const other = readConfig(parseEnv(await readFile(place, 'utf8')))
  refuseSame(config, other)
  const closers = createClosers()
  const progress = showProgress(input.screen)
  try {
    const from = await openAlone(config, input.log, closers)
    const secrets = await readSecrets(config)
    const to = await openTarget(other, input.log, closers)
    await giveSecrets(other, secrets)
    const ledger = await openLedger(config, closers)
    const moved = await from.holdStill(() => transfer({ from, to, ledger, clock: systemClock }, progress.on))
    progress.end()
    tellTransfer(moved, input)
  } finally {
    progress.end()
    await closers.close()
  }
}

function refuseSame(config: Config, other: Config): void {
  const ours = (each: Config) => (each.cloud.databaseUrl === null || each.cloud.s3 === null ? each.dataDirectory : null)
  const same = [
    ours(config) !== null && ours(config) === ours(other),
    config.cloud.databaseUrl !== null && config.cloud.databaseUrl === other.cloud.databaseUrl,
    config.cloud.s3 !== null && storageOf(config) === storageOf(other),
  ]
  if (same.includes(true))
    throw new UsageError('The other server has the same database, bucket or DATA_DIR as this one: set another in FILE.')
}

const storageOf = ({ cloud }: Config) => `${cloud.s3?.endpoint} ${cloud.s3?.bucket}`

/** Before anything is copied, because a target with another secret could not read what comes. */
async function giveSecrets(other: Config, secrets: InstallationSecrets): Promise<void> {
  const keeper = secretKeeperOf(other)
  const own = await keeper.readSecretKey()
  if (own !== null && markOf(own) !== markOf(secrets.secretKey))
    throw secretDiffers(
      'SECRET_KEY of the other server is another one. Take that of this server, or its DATA_DIR/secret.key.',
    )
  await keeper.write(secrets)
}

function tellTransfer(moved: Transferred, input: CopyInput): void {
  tellTallies(moved, input)
  const had = moved.moved === null ? 'all of it was there already' : `${objects(moved.moved)} were copied by this run`
  input.write(`Transferred ${count(moved.rows)} rows of ${moved.tables} tables and ${objects(moved.objects)}; ${had}.`)
  input.write('Compared row by row and object by object: 0 differences. Start the other server, and this one no more.')
}

function tellTallies({ missing, differing }: { missing: KeyTally; differing: KeyTally }, { write }: CopyInput): void {
  if (missing.count > 0)
    write(
      `${count(missing.count)} objects that the database names are not in storage (${missing.keys[0]} …): see reconcile.`,
    )
  if (differing.count > 0)
    write(
      `${count(differing.count)} objects are not what the database says (${differing.keys[0]} …), copied as they are: see reconcile.`,
    )
}

const objects = (sum: { count: number; bytes: number }): string => `${count(sum.count)} objects (${size(sum.bytes)})`

function readWords(command: keyof typeof USAGE, words: readonly string[], option: 'to' | 'from', flag: string | null) {
  try {
    const options = {
      [option]: { type: 'string' as const },
      ...(flag === null ? {} : { [flag]: { type: 'boolean' as const } }),
    }
    const { values } = parseArgs({ args: [...words], options })
    const place = values[option]
    if (typeof place === 'string' && place !== '') return { place, flag: flag !== null && values[flag] === true }
  } catch {
    // Said better by the usage.
  }
  throw new UsageError(`Usage: ${USAGE[command]}`)
}
