import { type Config, Environment, readConfig } from '@calotype/server/config'
import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createKeyPair, exampleCdn } from './testing/example.ts'
import { resolverOf } from './testing/resolve.ts'
import { templateOf } from './testing/template.ts'

const next = createKeyPair('cdn-key-b')
const template = templateOf({
  corsOrigins: ['https://shop.example.org'],
  mail: {
    from: 'photos@example.org',
    urlSecretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:calotype/smtp-AbCdEf',
  },
  cdn: { ...exampleCdn(), nextKey: { ...next.pair, signsFrom: '2030-01-31T12:00:00Z' } },
})
const resolve = resolverOf(template)

const Container = z.object({
  Image: z.unknown(),
  Command: z.array(z.string()).optional(),
  Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  Secrets: z.array(z.object({ Name: z.string(), ValueFrom: z.unknown() })),
  StopTimeout: z.number(),
  HealthCheck: z.object({ Command: z.array(z.string()) }).optional(),
})
const Task = z.object({
  Properties: z.object({ Family: z.string(), ContainerDefinitions: z.tuple([Container]) }),
})

function containerOf(family: string): z.infer<typeof Container> {
  const tasks = Object.values(template.findResources('AWS::ECS::TaskDefinition')).map(
    task => Task.parse(task).Properties,
  )
  const found = tasks.find(task => task.Family === family)
  if (!found) throw new Error(`There is no task ${family}`)
  return found.ContainerDefinitions[0]
}

/** What the operator and AWS put into secrets. */
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: databaseUrl(),
  SECRET_KEY: 'x'.repeat(64),
  CLOUDFRONT_PRIVATE_KEY: createKeyPair('cdn-key-a').privateKey,
  CLOUDFRONT_NEXT_PRIVATE_KEY: next.privateKey,
  SMTP_URL: 'smtps://user:password@mail.example.org',
}

function databaseUrl(): string {
  const urls = template.findResources('AWS::SecretsManager::Secret', {
    Properties: { Description: Match.stringLikeRegexp('^DATABASE_URL') },
  })
  const [secret] = Object.values(urls).map(found =>
    z.object({ Properties: z.object({ SecretString: z.unknown() }) }).parse(found),
  )
  return resolve(secret?.Properties.SecretString)
}

function environmentOf(family: string): Record<string, string> {
  const { Environment: variables, Secrets } = containerOf(family)
  return {
    ...Object.fromEntries(variables.map(({ Name, Value }) => [Name, resolve(Value)])),
    ...Object.fromEntries(Secrets.map(({ Name }) => [Name, SECRETS[Name] ?? ''])),
  }
}

const ROLES: readonly (readonly [family: string, serves: Partial<Config['cloud']>])[] = [
  ['calotype-api', { servesApi: true, servesJobs: false }],
  ['calotype-worker', { servesApi: false, servesJobs: true }],
  ['calotype-operator', { servesApi: false, servesJobs: true }],
]

describe.each(ROLES)('the variables of %s', (family, serves) => {
  it('are all known to the server', () => {
    expect(Object.keys(environmentOf(family)).filter(name => !(name in Environment.shape))).toEqual([])
  })

  it('are a configuration of the cloud shape with nothing missing', () => {
    const config = readConfig(environmentOf(family))
    expect(config.cloud).toMatchObject({
      ...serves,
      maxAge: { avifAndWebp: 31_536_000, jpeg: 86_400 },
      s3: {
        region: 'eu-central-1',
        bucket: 'calotype-photos-123456789012-eu-central-1',
      },
      storageEvents: { queueUrl: expect.stringMatching(/\/StorageEvents(?!Dead)/), deadLettersUrl: null },
      cloudFront: { domain: 'd111111abcdef8.cloudfront.net', distributionId: 'E2EXAMPLE' },
    })
    expect(config.cloud.cloudFront?.keyPairs).toMatchObject([{}, { signsFrom: new Date('2030-01-31T12:00:00Z') }])
    expect(config.messages.pipelineQueue?.queueUrl).toMatch(/\/Detection(?!Dead)/)
    expect(config).toMatchObject({
      publicUrl: 'https://photos.example.org',
      corsOrigins: ['https://shop.example.org'],
      trustedProxies: ['10.0.0.0/16'],
      accounts: { mode: 'accounts', registration: 'closed', mailFrom: 'photos@example.org' },
      engineProcesses: 1,
      databasePoolMax: 3,
    })
  })

  it('hold no secret, and those that are secrets come out of Secrets Manager', () => {
    const { Environment: variables, Secrets } = containerOf(family)
    expect(Secrets.map(({ Name }) => Name).sort()).toEqual(Object.keys(SECRETS).sort())
    expect(variables.map(({ Name }) => Name).filter(name => name in SECRETS)).toEqual([])
  })
})

describe('the database', () => {
  it('is reached with its own password, by TLS that checks whom it talks to', () => {
    expect(databaseUrl()).toMatch(
      /^postgres:\/\/calotype:\{\{resolve:secretsmanager:<DatabaseCredentials\w+>:SecretString:password::\}\}@calotype\.abc\.eu-central-1\.rds\.amazonaws\.com:5432\/calotype\?sslmode=verify-full$/,
    )
  })
})

describe('the tasks', () => {
  it('have the time to end their work, and are asked whether they live', () => {
    for (const family of ['calotype-api', 'calotype-worker']) {
      expect(containerOf(family).StopTimeout).toBe(30)
      expect(containerOf(family).HealthCheck?.Command.at(-1)).toContain('http://127.0.0.1:3000/api/health/liveness')
    }
  })

  it('prepare the database by a command of its own, whose log is kept for a day', () => {
    expect(containerOf('calotype-operator').Command).toEqual(['node', 'apps/server/src/main.ts', 'init'])
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/calotype/calotype/operator',
      RetentionInDays: 1,
    })
  })

  it('log into groups that forget', () => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'))
    expect(groups).toHaveLength(4)
    for (const group of groups) expect(group).toMatchObject({ Properties: { RetentionInDays: expect.any(Number) } })
  })

  it('run the image of the deployment, by its tag or its digest', () => {
    expect(resolve(containerOf('calotype-api').Image)).toMatch(/\/calotype:0\.1\.0$/)
  })
})
