import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { resolverOf } from './testing/resolve.ts'
import { templateOf } from './testing/template.ts'

const template = templateOf()
const resolve = resolverOf(template)

const oneOrMany = z.union([z.array(z.unknown()), z.unknown().transform(value => [value])])
const Statement = z.object({
  Effect: z.literal('Allow'),
  Action: z.union([z.array(z.string()), z.string().transform(action => [action])]),
  Resource: oneOrMany,
})
const Policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({ Statement: z.array(Statement) }),
    Roles: z.array(z.object({ Ref: z.string() })),
  }),
})

/** All that a role may do, as `action resource`. */
function rightsOf(role: string): string[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map(policy => Policy.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      Action.flatMap(action => Resource.map(each => `${action} ${short(resolve(each))}`)),
    )
    .sort()
}

/** Without what changes with every name. */
const short = (resource: string): string =>
  resource.replace(/<([A-Za-z]+?)[0-9A-F]{8}\.?(?:Arn)?>/g, '$1').replace(/^arn:aws:cloudfront::123456789012:/, '')

const each = (actions: readonly string[], resources: readonly string[]) =>
  actions.flatMap(action => resources.map(resource => `${action} ${resource}`))
const WRITE = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject']
const INCOMING = ['Photos/uploads/*', 'Photos/resumable/*']
const VARIANTS = ['Photos/private/*', 'Photos/public/*']

const API = ['s3:ListBucket Photos', ...each(['s3:GetObject', ...WRITE], INCOMING), ...each(['s3:GetObject'], VARIANTS)]
const WORKER = [
  's3:ListBucket Photos',
  ...each(['s3:GetObject', ...WRITE], [...INCOMING, ...VARIANTS]),
  ...each(
    ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    ['StorageEvents'],
  ),
  ...each(['sqs:GetQueueAttributes', 'sqs:SendMessage'], ['Detection']),
  'cloudfront:CreateInvalidation distribution/E2EXAMPLE',
]
const OPERATOR = [
  ...WORKER,
  ...each(['s3:GetBucketCORS', 's3:GetBucketVersioning', 's3:GetLifecycleConfiguration'], ['Photos']),
  ...each(['sqs:GetQueueAttributes'], ['StorageEventsDead', 'DetectionDead']),
]

describe('a role may do what its processes do, and nothing else', () => {
  it.each([
    ['ApiTaskTaskRole', API],
    ['WorkerTaskTaskRole', WORKER],
    ['OperatorTaskTaskRole', OPERATOR],
  ])('%s', (role, rights) => {
    expect(rightsOf(role)).toEqual(rights.toSorted())
  })

  it.each(['Api', 'Worker', 'Operator'])('%s starts with its own secrets, log and image', task => {
    const rights = rightsOf(`${task}TaskExecutionRole`)
    expect(rights).toEqual(
      expect.arrayContaining([
        'ecr:GetAuthorizationToken *',
        'secretsmanager:GetSecretValue DatabaseUrl',
        'secretsmanager:GetSecretValue SecretKey',
        `logs:PutLogEvents ${task}Logs`,
      ]),
    )
    expect(rights.filter(right => /OwnerKey|DatabaseCredentials/.test(right))).toEqual([])
  })
})

describe('no policy of the stack', () => {
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    policy => Policy.parse(policy).Properties.PolicyDocument.Statement,
  )

  it('names an action by a wildcard', () => {
    expect(statements.flatMap(({ Action }) => Action).filter(action => action.includes('*'))).toEqual([])
  })

  it('is about every resource, but for the one action that AWS has only for all', () => {
    const everything = statements.filter(({ Resource }) => Resource.some(resource => resolve(resource) === '*'))
    expect(new Set(everything.flatMap(({ Action }) => Action))).toEqual(new Set(['ecr:GetAuthorizationToken']))
  })

  it('is attached as managed by somebody else', () => {
    for (const role of Object.values(template.findResources('AWS::IAM::Role')))
      expect(role.Properties.ManagedPolicyArns).toBeUndefined()
  })
})
