import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { radosgwBucket } from '../testing/radosgw-bucket.ts'
import { createS3Client } from './s3-client.ts'
import { createS3StorageSettings } from './s3-storage-settings.ts'

const ORIGINS = ['https://app.example.org']

it('writes the settings of a new bucket, finds them, and finds what was changed', async () => {
  const connection = await radosgwBucket()
  const settings = createS3StorageSettings({ ...connection, corsOrigins: ORIGINS })
  const { differences } = await settings.check()
  expect(new Set(differences.map(({ part }) => part))).toEqual(new Set(['CORS', 'lifecycle']))
  expect(await settings.apply()).toEqual([])
  await settings.apply()
  expect(await settings.check()).toEqual({ differences: [], unsupported: [] })
  const other = createS3StorageSettings({ ...connection, corsOrigins: ['https://other.example.org'] })
  expect((await other.check()).differences).toEqual([
    {
      ...{ part: 'CORS', ours: true, is: 'AllowedOrigins: https://app.example.org' },
      wanted: 'AllowedOrigins: https://other.example.org',
    },
  ])
})

it('lets pages of the origin send what a signed PUT needs, and no others', async () => {
  const connection = await radosgwBucket()
  await createS3StorageSettings({ ...connection, corsOrigins: ORIGINS }).apply()
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type,if-none-match,x-amz-checksum-sha256',
    }
    const answer = await fetch(`${connection.endpoint}/${connection.bucket}/uploads/x`, { method: 'OPTIONS', headers })
    return answer.headers.get('access-control-allow-origin')
  }
  expect(await preflight('https://app.example.org')).toBe('https://app.example.org')
  expect(await preflight('https://evil.example.org')).toBeNull()
})

it('leaves the rules of others alone, and tells of those that are dangerous', async () => {
  const connection = await radosgwBucket()
  const client = createS3Client(connection)
  const Bucket = connection.bucket
  const foreign = {
    ID: 'old-stuff',
    Status: 'Enabled' as const,
    Filter: { Prefix: 'uploads/' },
    Expiration: { Days: 30 },
  }
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [foreign] } }),
  )
  const CORSRules = [{ ID: 'theirs', AllowedMethods: ['GET'], AllowedOrigins: ['*'] }]
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const settings = createS3StorageSettings({ ...connection, corsOrigins: ORIGINS })
  await settings.apply()
  expect((await settings.check()).differences).toMatchObject([
    { part: 'lifecycle', ours: false, is: 'rule old-stuff expires or moves objects under uploads/' },
    { part: 'versioning', ours: false, is: 'Enabled: what is deleted is kept and billed' },
  ])
  const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
  expect(Rules.map(rule => rule.ID).sort()).toEqual(['calotype-abort-multipart', 'old-stuff'])
  const cors = await client.send(new GetBucketCorsCommand({ Bucket }))
  expect(cors.CORSRules?.map(rule => rule.ID)).toEqual(['theirs', 'calotype-uploads'])
})
