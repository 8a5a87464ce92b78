import path from 'node:path'
import {
  createCloudFrontCdn,
  createCloudFrontInvalidator,
  createS3BlobStore,
  createS3UploadSigner,
  createSqsEventSource,
  type SqsEventSource,
} from '@calotype/aws'
import type { BlobStore, Cdn, CdnInvalidator, Telemetry, UploadSigner, Workspace } from '@calotype/core'
import { createDiskBlobStore, createDiskCdn, createDiskUploadSigner, createDiskWorkspace } from '@calotype/disk'
import type { FastifyBaseLogger } from 'fastify'
import type { Closers } from '../closers.ts'
import type { CloudSettings, S3Settings } from '../cloud-settings.ts'
import type { Config } from '../config.ts'
import { createEmbeddedInvalidator } from '../delivery/embedded-invalidator.ts'
import type { EmbeddedDelivery, EmbeddedUploads } from '../deps.ts'

/** Tries that an event has before it goes to the dead letters: about two hours, with the pauses between them. */
const EVENT_TRIES = 12

export interface OpenStorage {
  /** Not metered yet. */
  blobs: BlobStore
  uploads: UploadSigner
  /** Where upload URLs lead to this server; null where storage takes the bytes itself. */
  directUploads: EmbeddedUploads | null
  cdn: Cdn
  invalidator: CdnInvalidator
  /** Null where a CDN elsewhere delivers. */
  delivery: EmbeddedDelivery | null
  cdnOrigin: string | null
  workspace: Workspace
}

type Signing = { publicUrl: string; secret: string }

/** Bytes, the URLs that bring them in, and those that bring them out. */
export async function openStorage(
  config: Config,
  signing: Signing,
  log: FastifyBaseLogger,
  closers: Closers,
): Promise<OpenStorage> {
  const { s3 } = config.cloud
  const storage = s3 === null ? await openDisk(config, signing) : openBucket(s3, config.cloud, log, closers)
  const workspace = createDiskWorkspace({ directory: path.join(config.dataDirectory, 'work') })
  await workspace.removeAbandoned()
  return { ...storage, workspace, ...openCdn(config.cloud, signing, closers) }
}

async function openDisk({ dataDirectory }: Config, signing: Signing) {
  const blobs = createDiskBlobStore({ directory: path.join(dataDirectory, 'blobs') })
  // The directory is locked and nobody writes yet: every temporary file is of a process that was killed.
  await blobs.removeStaleTemporaryFiles(new Date())
  const uploads = createDiskUploadSigner(signing)
  return { blobs, uploads, directUploads: uploads }
}

export const s3Connection = ({ region, bucket, endpoint, pathStyle }: S3Settings) => ({
  ...{ region, bucket, endpoint, pathStyle },
})

function openBucket(s3: S3Settings, { maxAge }: CloudSettings, log: FastifyBaseLogger, closers: Closers) {
  const own = log.child({ component: 's3' })
  const blobs = createS3BlobStore({ ...s3Connection(s3), maxAge, log: own })
  closers.add(async () => blobs.close())
  const uploads = createS3UploadSigner({ ...s3Connection(s3), endpoint: s3.publicEndpoint, log: own })
  return { blobs, uploads, directUploads: null }
}

function openCdn({ cloudFront, maxAge }: CloudSettings, signing: Signing, closers: Closers) {
  if (cloudFront === null) {
    const cdn = createDiskCdn(signing)
    const invalidator = createEmbeddedInvalidator()
    return { cdn, invalidator, delivery: { cdn, invalidator, maxAge }, cdnOrigin: null }
  }
  const invalidator = createCloudFrontInvalidator(cloudFront)
  closers.add(async () => invalidator.close())
  return {
    cdn: createCloudFrontCdn(cloudFront),
    invalidator,
    delivery: null,
    cdnOrigin: `https://${cloudFront.domain}`,
  }
}

/** The bucket's events; null where they are raised by our own upload URLs, or not at all. */
export function openStorageEvents(
  { s3, storageEvents }: CloudSettings,
  log: FastifyBaseLogger,
  { meters }: Pick<Telemetry, 'meters'>,
): SqsEventSource | null {
  if (s3 === null || storageEvents === null) return null
  const { region, queueUrl, deadLettersUrl } = storageEvents
  return createSqsEventSource({
    ...{ region, queueUrl, bucket: s3.bucket },
    ...(deadLettersUrl === null ? {} : { deadLetters: { queueUrl: deadLettersUrl, maxReceives: EVENT_TRIES } }),
    log: log.child({ component: 'storage-events' }),
    onDropped: outcome => meters.counter('calotype_storage_events_total', { outcome }).add(),
  })
}
