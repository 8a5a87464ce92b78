import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Cdn } from './cdn.ts'
import type { Deployment } from './deployment.ts'
import { VPC_CIDR } from './network.ts'
import type { Queues } from './queues.ts'

export type Role = 'api' | 'worker'
const CPU_UNITS = 1_024

/** The variables of a process, beside its secrets; docs/configuration.md says what each does. */
export function environmentOf(
  role: Role,
  deployment: Deployment,
  { bucket, queues, cdn }: { bucket: Bucket; queues: Queues; cdn: Cdn },
): Record<string, string> {
  const { domain, region, corsOrigins, mail, registration, poolMax } = deployment
  const { nextKey, signedUrlSeconds, edgeSeconds } = deployment.cdn
  return {
    ROLES: role,
    PUBLIC_URL: `https://${domain}`,
    // Only the load balancer reaches a task from in there.
    TRUST_PROXY: VPC_CIDR,
    ...(corsOrigins.length > 0 ? { CORS_ORIGINS: corsOrigins.join(',') } : {}),
    REGISTRATION: registration,
    ...(mail ? { MAIL_FROM: mail.from } : {}),
    AWS_REGION: region,
    S3_BUCKET: bucket.bucketName,
    SQS_EVENTS_QUEUE_URL: queues.storageEvents.queue.queueUrl,
    ...(queues.detection ? { SQS_PIPELINE_QUEUE_URL: queues.detection.queue.queueUrl } : {}),
    CLOUDFRONT_DOMAIN: cdn.domain,
    CLOUDFRONT_DISTRIBUTION_ID: cdn.distribution.distributionId,
    CLOUDFRONT_KEY_PAIR_ID: cdn.key.publicKeyId,
    ...(cdn.nextKey && nextKey
      ? { CLOUDFRONT_NEXT_KEY_PAIR_ID: cdn.nextKey.publicKeyId, CLOUDFRONT_NEXT_KEY_FROM: nextKey.signsFrom }
      : {}),
    SIGNED_URL_TTL: String(signedUrlSeconds),
    CDN_MAX_AGE: String(edgeSeconds.avifAndWebp),
    CDN_MAX_AGE_JPEG: String(edgeSeconds.jpeg),
    DATABASE_POOL_MAX: String(poolMax),
    // A container sees the cores of its host, not what it is given of them.
    ENGINE_PROCESSES: String(Math.max(1, Math.floor(deployment[role].cpu / CPU_UNITS))),
  }
}
