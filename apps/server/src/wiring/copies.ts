import { existsSync } from 'node:fs'
import path from 'node:path'
import { createS3BlobStore } from '@calotype/aws'
import {
  type BlobStore,
  backupBusy,
  backupNotFound,
  type DatabaseLoader,
  type DatabaseReader,
  type InstallationSecrets,
  nothingToCopy,
  prefixBlobStore,
  type SecretKeeper,
  sourceInUse,
} from '@calotype/core'
import { createDiskArchive, createDiskBlobStore } from '@calotype/disk'
import { type ConnectionSettings, createPostgresDatabaseCopy, holdStill } from '@calotype/postgres'
import { DataDirectoryInUse, findRunningServer, lockDataDirectory } from '@calotype/postgres/embedded'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from '../closers.ts'
import type { Config } from '../config.ts'
import { dataFilesOf } from '../data-files.ts'
import { holdDataDirectory, startEmbedded } from './database.ts'
import { UsageError } from './installation.ts'
import { s3Connection } from './storage.ts'

/** An installation as copies see it: no jobs, no engine, nothing that serves. */
export interface OpenSide {
  database: DatabaseReader & DatabaseLoader
  blobs: BlobStore
  /** Runs `work` while no server can start on the database. Rejects with `source_in_use` when one serves. */
  holdStill<T>(work: () => Promise<T>): Promise<T>
}

const sideOf = (connection: ConnectionSettings, blobs: BlobStore): OpenSide => ({
  database: createPostgresDatabaseCopy(connection),
  blobs,
  holdStill: work =>
    holdStill(connection, count => sourceInUse(`servers with ${count} connections to its database`), work),
})

/** For a backup: beside a server that runs, or with the database of one that is stopped. Rejects with `nothing_to_copy`. */
export async function openBesideServer(config: Config, log: FastifyBaseLogger, closers: Closers): Promise<OpenSide> {
  return sideOf(await reachDatabase(config, log, closers), openBlobs(config, log, closers))
}

async function reachDatabase(config: Config, log: FastifyBaseLogger, closers: Closers): Promise<ConnectionSettings> {
  const { databaseUrl } = config.cloud
  if (databaseUrl !== null) return { connectionString: databaseUrl }
  refuseNothing(config)
  try {
    await holdDataDirectory(config, closers)
  } catch (error) {
    const running = error instanceof DataDirectoryInUse ? await findRunningServer(config.dataDirectory) : null
    if (!running) throw error
    return running
  }
  return startEmbedded(config, log, closers)
}

/** For a transfer: alone, as far as the data directory tells. Rejects with `nothing_to_copy` and `source_in_use`. */
export async function openAlone(config: Config, log: FastifyBaseLogger, closers: Closers): Promise<OpenSide> {
  const { databaseUrl, s3 } = config.cloud
  if (databaseUrl === null) refuseNothing(config)
  if (databaseUrl === null || s3 === null)
    await holdDataDirectory(config, closers).catch((error: unknown) => {
      throw error instanceof DataDirectoryInUse ? sourceInUse(`the server on ${config.dataDirectory}`) : error
    })
  return openTarget(config, log, closers, { held: true })
}

/** What will be filled: made where it is in the data directory. */
export async function openTarget(
  config: Config,
  log: FastifyBaseLogger,
  closers: Closers,
  { held }: { held: boolean } = { held: false },
): Promise<OpenSide> {
  const { databaseUrl, s3 } = config.cloud
  if (!held && (databaseUrl === null || s3 === null)) await holdDataDirectory(config, closers)
  const connection =
    databaseUrl === null ? await startEmbedded(config, log, closers) : { connectionString: databaseUrl }
  return sideOf(connection, openBlobs(config, log, closers))
}

/** A backup must not make the database that it was to save. */
function refuseNothing({ dataDirectory }: Config): void {
  if (!existsSync(path.join(dataDirectory, 'postgres'))) throw nothingToCopy(dataDirectory)
}

function openBlobs({ cloud, dataDirectory }: Config, log: FastifyBaseLogger, closers: Closers): BlobStore {
  if (cloud.s3 === null) return createDiskBlobStore({ directory: path.join(dataDirectory, 'blobs') })
  const blobs = createS3BlobStore({
    ...s3Connection(cloud.s3),
    maxAge: cloud.maxAge,
    log: log.child({ component: 's3' }),
  })
  closers.add(async () => blobs.close())
  return blobs
}

const S3_PLACE = /^s3:\/\/([^/]+)\/?(.*?)\/*$/

/** Where backups are kept: a directory, or `s3://bucket/folder`. One that is to be written to is held. */
export async function openArchive(
  place: string,
  config: Config,
  closers: Closers,
  { writing }: { writing: boolean },
): Promise<BlobStore> {
  const [, bucket, folder] = S3_PLACE.exec(place) ?? []
  if (bucket === undefined) return openDirectory(path.resolve(place), closers, writing)
  const { s3, region } = config.cloud
  const blobs = createS3BlobStore(s3 ? { ...s3Connection(s3), bucket } : { region, bucket })
  closers.add(async () => blobs.close())
  return folder ? prefixBlobStore(blobs, `${folder}/`) : blobs
}

async function openDirectory(directory: string, closers: Closers, writing: boolean): Promise<BlobStore> {
  if (!writing && !existsSync(directory)) throw backupNotFound()
  const archive = createDiskArchive({ directory })
  if (!writing) return archive
  const lock = await lockDataDirectory(directory).catch((error: unknown) => {
    throw error instanceof DataDirectoryInUse ? backupBusy() : error
  })
  closers.add(() => lock.release())
  // Nobody else writes here: they are of a command that was killed.
  await archive.removeStaleTemporaryFiles(new Date())
  return archive
}

/** Where a transfer from this installation writes down how far it came. */
export const openLedger = ({ dataDirectory }: Config, closers: Closers): Promise<BlobStore> =>
  openDirectory(path.join(dataDirectory, 'transfer'), closers, true)

/** The secret that signs and seals, and the owner key where it is kept in a file. */
export async function readSecrets({ dataDirectory, secretKey, cloud }: Config): Promise<InstallationSecrets> {
  const files = dataFilesOf(dataDirectory)
  const found = secretKey ?? (await files.readSecretKey())
  if (found === null)
    throw new UsageError(`There is no secret: set SECRET_KEY, or look for secret.key in ${dataDirectory}`)
  return { secretKey: found, ownerKey: cloud.databaseUrl === null ? await files.ownerKey.read() : null }
}

/** Keeps the secrets in files, as far as they are not set by the environment. */
export function secretKeeperOf({ dataDirectory, secretKey, cloud }: Config): SecretKeeper {
  const files = dataFilesOf(dataDirectory)
  return {
    readSecretKey: async () => secretKey ?? (await files.readSecretKey()),
    write: async secrets => {
      if (secretKey === null) await files.writeSecretKey(secrets.secretKey)
      if (cloud.databaseUrl === null && secrets.ownerKey !== null) await files.ownerKey.write(secrets.ownerKey)
    },
  }
}
