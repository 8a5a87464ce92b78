import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import {
  type Clock,
  DomainError,
  type SignedUpload,
  systemClock,
  type UploadSigner,
  type UploadTerms,
} from '@calotype/core'
import { onStorage } from '../client/failures.ts'
import { type AwsLog, silentLog } from '../client/log.ts'
import { checkKey } from './object-key.ts'
import { createS3Client, type S3Connection } from './s3-client.ts'

/** Requirement U1; S3 itself would take a week. */
export const MAX_UPLOAD_URL_SECONDS = 3_600
/** Signed as headers: in the query, where the SDK would put them, storage need not enforce them. */
const BOUND_HEADERS: readonly string[] = ['content-type', 'content-length', 'if-none-match', 'x-amz-checksum-sha256']

export interface S3UploadSignerConfig extends S3Connection {
  log?: AwsLog | undefined
  clock?: Clock | undefined
}

/**
 * Upload URLs that storage itself enforces: a PUT bound to key, type, length, SHA-256 when given, and one use; without a length a form
 * of up to `maxBytes`. A form can be sent again until it expires: forms know no condition on what is there.
 */
export function createS3UploadSigner(config: S3UploadSignerConfig): UploadSigner {
  const client = createS3Client(config)
  const { bucket, clock = systemClock, log = silentLog } = config
  return {
    sign: terms =>
      onStorage(async () => {
        const seconds = secondsLeft(terms, clock.now())
        await outliveUpload(client, terms, log)
        return terms.sizeBytes === null
          ? signForm(client, bucket, terms, seconds)
          : signPut(client, bucket, terms, { sizeBytes: terms.sizeBytes, seconds, now: clock.now() })
      }),
  }
}

function secondsLeft(terms: UploadTerms, now: Date): number {
  const seconds = Math.floor((terms.expiresAt.getTime() - now.getTime()) / 1000)
  if (seconds < 1 || seconds > MAX_UPLOAD_URL_SECONDS)
    throw new DomainError(
      'invalid',
      'invalid_request',
      `An upload URL is good for 1 to ${MAX_UPLOAD_URL_SECONDS} seconds.`,
    )
  return seconds
}

/** Temporary credentials end a URL with them: new ones are fetched when these would not last. */
export async function outliveUpload(
  client: { config: { credentials: (how?: { forceRefresh: boolean }) => Promise<{ expiration?: Date }> } },
  terms: Pick<UploadTerms, 'imageId' | 'expiresAt'>,
  log: AwsLog,
): Promise<void> {
  const endsEarly = (end: Date | undefined): end is Date => end !== undefined && end < terms.expiresAt
  if (!endsEarly((await client.config.credentials()).expiration)) return
  const { expiration } = await client.config.credentials({ forceRefresh: true })
  if (endsEarly(expiration))
    log.warn(
      { imageId: terms.imageId, until: expiration.toISOString() },
      'An upload URL ends early, with the credentials that signed it',
    )
}

const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

async function signPut(
  client: S3Client,
  bucket: string,
  terms: UploadTerms,
  { sizeBytes, seconds, now }: { sizeBytes: number; seconds: number; now: Date },
): Promise<SignedUpload> {
  const sha256 = terms.sha256 === null ? null : base64Of(terms.sha256)
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: checkKey(terms.objectKey),
    ContentType: terms.contentType,
    ContentLength: sizeBytes,
    IfNoneMatch: '*',
    ...(sha256 === null ? {} : { ChecksumSHA256: sha256 }),
  })
  const url = await getSignedUrl(client, command, {
    expiresIn: seconds,
    signingDate: now,
    signableHeaders: new Set([...BOUND_HEADERS, 'host']),
    unhoistableHeaders: new Set(BOUND_HEADERS),
  })
  const headers = {
    'content-type': terms.contentType,
    'if-none-match': '*',
    ...(sha256 === null ? {} : { 'x-amz-checksum-sha256': sha256 }),
  }
  return { url, method: 'PUT', headers, fields: null }
}

async function signForm(client: S3Client, bucket: string, terms: UploadTerms, seconds: number): Promise<SignedUpload> {
  const fixed = {
    'Content-Type': terms.contentType,
    ...(terms.sha256 === null ? {} : { 'x-amz-checksum-sha256': base64Of(terms.sha256) }),
  }
  // Every field given here becomes a condition on itself.
  const { url, fields } = await createPresignedPost(client, {
    Bucket: bucket,
    Key: checkKey(terms.objectKey),
    Fields: fixed,
    Conditions: [['content-length-range', 1, terms.maxBytes]],
    Expires: seconds,
  })
  return { url, method: 'POST', headers: {}, fields }
}
