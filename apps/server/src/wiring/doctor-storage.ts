import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  createCloudFrontCdn,
  createS3BlobStore,
  createS3StorageSettings,
  createS3UploadSigner,
  proveKeyPair,
} from '@calotype/aws'
import { type Cdn, systemClock } from '@calotype/core'
import { createDiskBlobStore, createDiskCdn, createDiskUploadSigner } from '@calotype/disk'
import type { Closers } from '../closers.ts'
import type { CdnKey, CdnSettings, S3Settings } from '../cloud-settings.ts'
import type { Config } from '../config.ts'
import { findSecretKey } from '../data-files.ts'
import type { Delivery, DoctorParts, Maybe, UploadDoor } from '../doctor/doctor-parts.ts'
import type { FoundServer } from '../doctor/find-server.ts'
import { s3Connection } from './storage.ts'
import { uploadOrigins } from './storage-settings.ts'

type StorageParts = Pick<DoctorParts, 'storage' | 'bucket' | 'uploads' | 'delivery' | 'origins'>

/** Bytes and the doors to them, by the adapters that the server uses. */
export async function openDoctorStorage(config: Config, server: FoundServer, closers: Closers): Promise<StorageParts> {
  const { s3, cloudFront } = config.cloud
  const secret = config.secretKey ?? (await findSecretKey(config.dataDirectory))
  const storage = s3 === null ? openDisk(config, server, secret) : openBucket(config, s3, server, closers)
  const delivery = cloudFront === null ? openOwnCdn(server, secret) : { part: openCloudFront(cloudFront) }
  return { ...storage, delivery }
}

function openBucket(config: Config, s3: S3Settings, server: FoundServer, closers: Closers) {
  const connection = s3Connection(s3)
  const blobs = createS3BlobStore(connection)
  const origins = uploadOrigins(config, server.url)
  const settings = createS3StorageSettings({ ...connection, corsOrigins: origins })
  closers.add(async () => {
    blobs.close()
    settings.close()
  })
  return { storage: { part: blobs }, bucket: { part: settings }, uploads: { part: openS3Door(s3) }, origins }
}

/** One signer, whose clock is set for each URL: another one would ask for credentials again. */
function openS3Door(s3: S3Settings): UploadDoor {
  let moment = systemClock.now()
  const clock = { now: () => moment }
  const signer = createS3UploadSigner({ ...s3Connection(s3), endpoint: s3.publicEndpoint, clock })
  const sign: UploadDoor['sign'] = at => ({
    sign: terms => {
      moment = at
      return signer.sign(terms)
    },
  })
  return { kind: 'stores', sign }
}

function openDisk(config: Config, server: FoundServer, secret: string | null) {
  const directory = path.join(config.dataDirectory, 'blobs')
  const storage = existsSync(directory)
    ? { part: createDiskBlobStore({ directory }) }
    : { missing: `there is nothing in ${config.dataDirectory} yet` }
  const bucket = { missing: 'the files are on this machine: there is no bucket' }
  return { storage, bucket, uploads: openOwnDoor(server, secret), origins: config.corsOrigins }
}

const silent = ({ url }: FoundServer) => ({ missing: `needs a server that answers at ${url}` })
const NO_SECRET = { missing: 'the server was never started: it has no secret yet' }

function openOwnDoor(server: FoundServer, secret: string | null): Maybe<UploadDoor> {
  if (!server.answers) return silent(server)
  if (secret === null) return NO_SECRET
  const signer = createDiskUploadSigner({ publicUrl: server.url, secret })
  return { part: { kind: 'judges', sign: () => signer } }
}

function openOwnCdn(server: FoundServer, secret: string | null): Maybe<Delivery> {
  if (!server.answers) return silent(server)
  if (secret === null) return NO_SECRET
  const cdn = createDiskCdn({ publicUrl: server.url, secret })
  const door = { keyId: 'SECRET_KEY', cdn, prove: () => 'HMAC' }
  return { part: { base: `${server.url}/cdn/`, doors: [door] } }
}

function openCloudFront({ domain, keyPairs }: CdnSettings): Delivery {
  return { base: `https://${domain}/`, doors: keyPairs.map(pair => openDoor(domain, pair)) }
}

/** By this key alone, whenever it is to take over: during a rotation both have to be good. */
function openDoor(domain: string, { id, privateKey }: CdnKey) {
  let made: Cdn | null = null
  const cdn: Cdn = {
    sign: (objectKey, expiresAt) => {
      // Made here, because a key of the wrong kind is a finding and must not end the program.
      made ??= createCloudFrontCdn({ domain, keyPairs: [{ id, privateKey }] })
      return made.sign(objectKey, expiresAt)
    },
  }
  return { keyId: id, cdn, prove: () => proveKeyPair({ id, privateKey }) }
}
