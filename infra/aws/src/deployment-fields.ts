import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { DATABASE_INSTANCES, FARGATE_CPU, type Size, type TaskSize } from './sizes.ts'

const MAX_TASKS = 50
const DAY = 86_400
const YEAR = 365 * DAY
/** RDS keeps no backup longer. */
const MAX_BACKUP_DAYS = 35
/** The archive class bills 90 days at least; moving what is younger than this costs more than it saves. */
const MIN_ARCHIVE_DAYS = 30
const MAX_ORIGINS = 20

const hostName = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name')
const secretArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-\w{6}$/, 'must be the whole ARN of a secret')
const certificateArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of a certificate')

function isCloudFrontKey(pem: string): boolean {
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) return false
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = createPublicKey(pem)
    return (type === 'rsa' && details.modulusLength === 2_048) || (type === 'ec' && details.namedCurve === 'prime256v1')
  } catch {
    return false
  }
}

/** A key pair for signed URLs: the public half, and the secret that holds the PEM of the private one. */
const KeyPair = z.strictObject({
  publicKey: z.string().refine(isCloudFrontKey, 'must be a public key as PEM: RSA of 2,048 bits or ECDSA on P-256'),
  privateKeySecretArn: secretArn,
})

const Cdn = z.strictObject({
  key: KeyPair,
  /** During a rotation: the key that takes over, for URLs that expire at this time or later. */
  nextKey: KeyPair.extend({ signsFrom: z.iso.datetime({ offset: true }) }).optional(),
  /** A name of its own; its certificate has to be in us-east-1. */
  ownName: z.strictObject({ domain: hostName, certificateArn }).optional(),
  /** How long the edges keep files. */
  edgeSeconds: z
    .strictObject({
      avifAndWebp: z.int().min(0).max(YEAR).default(YEAR),
      jpeg: z.int().min(0).max(YEAR).default(DAY),
    })
    .prefault({}),
  /** SIGNED_URL_TTL: also how long browsers keep private files. */
  signedUrlSeconds: z.int().min(1).max(DAY).default(600),
  priceClass: z.enum(['100', '200', 'all']).default('100'),
})

const tasksLike = (size: TaskSize) =>
  z
    .strictObject({
      cpu: z.literal(FARGATE_CPU).default(size.cpu),
      memory: z.int().multipleOf(512).default(size.memory),
      min: z.int().min(1).max(MAX_TASKS).default(size.min),
      max: z.int().min(1).max(MAX_TASKS).default(size.max),
    })
    .prefault({})

const databaseLike = (size: Size['database']) =>
  z
    .strictObject({
      instance: z.enum(DATABASE_INSTANCES).default(size.instance),
      storageGb: z.int().min(20).max(16_384).default(size.storageGb),
      maxStorageGb: z.int().min(20).max(16_384).default(size.maxStorageGb),
      /** A second instance in another zone that takes over by itself. */
      standby: z.boolean().default(size.standby),
      backupDays: z.int().min(1).max(MAX_BACKUP_DAYS).default(size.backupDays),
    })
    .prefault({})

export const sizeName = z.enum(['hobby', 'team']).default('hobby')

/** What a deployment file may say; what it does not say is as in a size. */
export const fieldsLike = (size: Size) =>
  z.strictObject({
    /** The stack's name, and the beginning of others. */
    name: z
      .string()
      .regex(/^(?=.{3,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be 3 to 20 of a–z and 0–9, with single - between')
      .default('calotype'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, like eu-central-1'),
    size: sizeName,
    /** False until `init` has prepared the database: a process on an empty one refuses to start. */
    running: z.boolean().default(false),
    /** In ECR, in the same account and region. */
    image: z.strictObject({
      repository: z.string().regex(/^[a-z0-9][a-z0-9._/-]{1,255}$/),
      tag: z.string().regex(/^\w[\w.-]{0,127}$|^sha256:[0-9a-f]{64}$/),
    }),
    architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
    /** Where clients find the API; its certificate has to be in the same region. */
    domain: hostName,
    certificateArn,
    /** Of Route 53; without it the name has to be pointed at the load balancer by hand. */
    hostedZone: z.strictObject({ id: z.string().regex(/^Z[A-Z0-9]{4,31}$/), name: hostName }).optional(),
    /** Pages of other origins that call the API, upload, and read private images by script. */
    corsOrigins: z
      .array(z.url({ protocol: /^https?$/ }))
      .max(MAX_ORIGINS)
      .default([]),
    registration: z.enum(['open', 'closed']).default('closed'),
    /** SMTP_URL in a secret; without it mails stay in the task that wrote them, where nobody reads them. */
    mail: z.strictObject({ from: z.string().regex(/@/), urlSecretArn: secretArn }).optional(),
    cdn: Cdn,
    /** False where the detection pipeline asks `GET /pipeline/messages` instead. */
    detectionQueue: z.boolean().default(true),
    api: tasksLike(size.api),
    worker: tasksLike(size.worker),
    database: databaseLike(size.database),
    natGateways: z.literal([0, 1, 2]).default(size.natGateways),
    /** Originals that are this old move to a class that costs a sixth and is read as quickly, for more per read. */
    archiveOriginalsAfterDays: z.int().min(MIN_ARCHIVE_DAYS).max(3_650).optional(),
    /** Who gets alarms and the budget's warnings. */
    alarmEmail: z.email(),
    monthlyBudgetUsd: z.number().min(1).max(1_000_000),
    logRetentionDays: z.literal([1, 3, 7, 14, 30, 60, 90, 180, 365]).default(30),
  })

export type Fields = z.infer<ReturnType<typeof fieldsLike>>
