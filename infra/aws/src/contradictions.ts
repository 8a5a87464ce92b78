import type { Fields } from './deployment-fields.ts'
import { connectionsOf, FARGATE_MEMORY, poolOf, type Size, type TaskSize } from './sizes.ts'

/** The least that the server takes for DATABASE_POOL_MAX. */
const MIN_POOL = 2
const CDN_REGION = 'us-east-1'

/** What the figures of a deployment say against each other, in words. */
export function findContradictions(given: Fields): string[] {
  const { cdn, region, certificateArn, mail, database } = given
  const keys = [cdn.key, ...(cdn.nextKey ? [cdn.nextKey] : [])]
  const secrets = [...keys.map(key => key.privateKeySecretArn), ...(mail ? [mail.urlSecretArn] : [])]
  const rules: [boolean, string][] = [
    ...tasksRules('api', given.api),
    ...tasksRules('worker', given.worker),
    [database.maxStorageGb < database.storageGb, 'database.maxStorageGb: is less than storageGb'],
    [regionOf(certificateArn) !== region, `certificateArn: is of another region than ${region}`],
    [
      cdn.ownName !== undefined && regionOf(cdn.ownName.certificateArn) !== CDN_REGION,
      `cdn.ownName.certificateArn: CloudFront takes certificates of ${CDN_REGION} only`,
    ],
    [secrets.some(arn => regionOf(arn) !== region), `a secret is in another region than ${region}`],
    [cdn.nextKey?.publicKey.trim() === cdn.key.publicKey.trim(), 'cdn.nextKey: is the key that it is to replace'],
    [cdn.edgeSeconds.jpeg > cdn.edgeSeconds.avifAndWebp, 'cdn.edgeSeconds: JPEG stays longer than AVIF and WebP'],
    [poolOf(given) < MIN_POOL, tooFewConnections(given)],
  ]
  return rules.flatMap(([broken, problem]) => (broken ? [problem] : []))
}

function tasksRules(role: string, { cpu, memory, min, max }: TaskSize): [boolean, string][] {
  const [from, to] = FARGATE_MEMORY[cpu]
  return [
    [memory < from || memory > to, `${role}.memory: Fargate takes ${from} to ${to} MiB with ${cpu} CPU units`],
    [min > max, `${role}.min: is more than max`],
  ]
}

const tooFewConnections = ({ api, worker, database }: Size): string =>
  `database.instance: ${database.instance} has ${connectionsOf(database.instance)} connections, too few for ${api.max + worker.max} tasks, twice during a deployment`

const regionOf = (arn: string): string => arn.split(':')[3] ?? ''
