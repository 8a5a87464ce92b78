import { abortRule, corsRuleFor, endangersUploads } from '@calotype/aws/storage-rules'
import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { MAX_RECEIVES } from './queues.ts'
import { templateOf } from './testing/template.ts'

const template = templateOf({ corsOrigins: ['https://shop.example.org'] })
const BUCKET = 'AWS::S3::Bucket'

describe('the bucket', () => {
  it('is private, encrypted by default, kept when the stack goes, and without versions', () => {
    template.resourceCountIs(BUCKET, 1)
    template.hasResource(BUCKET, {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: Match.absent(),
      },
    })
  })

  it('refuses what comes without TLS', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    })
  })

  it('has the rules that `storage apply` would write, under the same names', () => {
    const { ID, ...cors } = corsRuleFor(['https://photos.example.org', 'https://shop.example.org'])
    template.hasResourceProperties(BUCKET, {
      CorsConfiguration: {
        CorsRules: [
          {
            Id: ID,
            AllowedOrigins: cors.AllowedOrigins,
            AllowedMethods: cors.AllowedMethods,
            AllowedHeaders: cors.AllowedHeaders,
            ExposedHeaders: cors.ExposeHeaders,
            MaxAge: cors.MaxAgeSeconds,
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: abortRule.ID,
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: abortRule.AbortIncompleteMultipartUpload,
          },
        ],
      },
    })
  })

  it('moves old originals to a class that is read at once, where that is asked for', () => {
    const transitions = [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }]
    templateOf({ archiveOriginalsAfterDays: 90 }).hasResourceProperties(BUCKET, {
      LifecycleConfiguration: {
        Rules: [
          Match.anyValue(),
          { Id: 'calotype-archive-originals', Prefix: 'uploads/', Status: 'Enabled', Transitions: transitions },
        ],
      },
    })
    const Transitions = [{ StorageClass: 'GLACIER_IR' as const, Days: 90 }]
    expect(endangersUploads({ Status: 'Enabled', Filter: { Prefix: 'uploads/' }, Transitions })).toBe(false)
  })

  it('announces uploads, and nothing else, to the queue', () => {
    const queue = Match.objectLike({ 'Fn::GetAtt': [Match.stringLikeRegexp('^StorageEvents(?!Dead)'), 'Arn'] })
    template.hasResource(BUCKET, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^StorageEventsPolicy')]),
      Properties: {
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } },
              Queue: queue,
            },
          ],
        },
      },
    })
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 's3.amazonaws.com' },
            Resource: queue,
            Condition: {
              ArnEquals: { 'aws:SourceArn': Match.anyValue() },
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            },
          }),
        ]),
      },
    })
  })
})

describe('the queues', () => {
  it.each(['StorageEvents', 'Detection'])('%s is encrypted, by TLS only, and buries what fails too often', id => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}Dead`), 'Arn'] },
        maxReceiveCount: MAX_RECEIVES,
      },
    })
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: Match.stringLikeRegexp(`^${id}(?!Dead)`) }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    })
  })

  it('are two with their dead letters, or one where the pipeline asks the API', () => {
    template.resourceCountIs('AWS::SQS::Queue', 4)
    templateOf({ detectionQueue: false }).resourceCountIs('AWS::SQS::Queue', 2)
  })
})

it('makes nothing that would run code of CDK in the account', () => {
  template.resourceCountIs('AWS::Lambda::Function', 0)
})
