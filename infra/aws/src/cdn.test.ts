import { Match, type Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SAFE_HEADERS } from '../../../apps/server/src/http/send-object.ts'
import { createKeyPair, exampleCdn } from './testing/example.ts'
import { templateOf } from './testing/template.ts'

const YEAR = 31_536_000
const DAY = 86_400
const template = templateOf({ corsOrigins: ['https://shop.example.org'] })
const DISTRIBUTION = 'AWS::CloudFront::Distribution'

const Behavior = z.object({
  PathPattern: z.string().optional(),
  CachePolicyId: z.unknown(),
  TrustedKeyGroups: z.array(z.unknown()).default([]),
  FunctionAssociations: z.array(z.object({ EventType: z.string(), FunctionARN: z.unknown() })),
  ViewerProtocolPolicy: z.string(),
})
const Settings = z.object({ DefaultCacheBehavior: Behavior, CacheBehaviors: z.array(Behavior) })

function behaviorsOf(of: Template) {
  const [distribution] = Object.values(of.findResources(DISTRIBUTION))
  const { DefaultCacheBehavior: fallback, CacheBehaviors } = Settings.parse(distribution?.Properties.DistributionConfig)
  return { fallback, paths: new Map(CacheBehaviors.map(behavior => [behavior.PathPattern, behavior])) }
}

const { fallback, paths } = behaviorsOf(template)
const functionOf = (behavior: z.infer<typeof Behavior> | undefined) =>
  JSON.stringify(behavior?.FunctionAssociations.map(({ FunctionARN }) => FunctionARN))

describe('the CDN', () => {
  it('has paths for variants only', () => {
    expect([...paths.keys()]).toEqual(['private/*', 'public/*'])
  })

  it('asks for a signature on private paths and nowhere else where there are files', () => {
    expect(paths.get('private/*')?.TrustedKeyGroups).toHaveLength(1)
    expect(paths.get('public/*')?.TrustedKeyGroups).toEqual([])
  })

  it('refuses everything else by a function, keeps no answer of it, and would want a signature that nobody makes', () => {
    expect(functionOf(fallback)).toContain('Refuse')
    expect(fallback.TrustedKeyGroups).toHaveLength(1)
    expect(fallback.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad')
  })

  it('chooses the format before the cache is asked, on both', () => {
    for (const path of ['private/*', 'public/*']) {
      expect(functionOf(paths.get(path))).toContain('ChooseFormat')
      expect(paths.get(path)?.FunctionAssociations.map(({ EventType }) => EventType)).toEqual(['viewer-request'])
    }
    template.hasResourceProperties('AWS::CloudFront::Function', {
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
      FunctionCode: Match.stringLikeRegexp('function handler\\(event\\)'),
      AutoPublish: true,
    })
  })

  it('speaks TLS only', () => {
    for (const behavior of [fallback, ...paths.values()]) expect(behavior.ViewerProtocolPolicy).toBe('https-only')
  })

  it('reads the bucket by a signed identity of its own, variants only, and nobody else does', () => {
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: {
        OriginAccessControlOriginType: 's3',
        SigningBehavior: 'always',
        SigningProtocol: 'sigv4',
      },
    })
    template.hasResourceProperties(DISTRIBUTION, {
      DistributionConfig: {
        Origins: [
          {
            S3OriginConfig: { OriginAccessIdentity: '' },
            OriginAccessControlId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CdnAccess'), 'Id'] },
          },
        ],
      },
    })
    const objects = (prefix: string) => ({ 'Fn::Join': ['', [Match.anyValue(), `/${prefix}*`]] })
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny' }),
          {
            Effect: 'Allow',
            Action: 's3:GetObject',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Resource: [objects('private/'), objects('public/')],
            Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
          },
        ],
      },
    })
  })

  it('caches by the path alone; a file without a word of its own stays as long as JPEG, none longer than AVIF and WebP', () => {
    const nothing = { CookieBehavior: 'none' }
    template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: {
        MinTTL: 0,
        DefaultTTL: DAY,
        MaxTTL: YEAR,
        ParametersInCacheKeyAndForwardedToOrigin: {
          CookiesConfig: nothing,
          HeadersConfig: { HeaderBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'none' },
          EnableAcceptEncodingBrotli: false,
          EnableAcceptEncodingGzip: false,
        },
      },
    })
    const edgeSeconds = { avifAndWebp: 7 * DAY, jpeg: 60 }
    templateOf({ cdn: { ...exampleCdn(), edgeSeconds } }).hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: { DefaultTTL: 60, MaxTTL: 7 * DAY },
    })
  })

  it('forgets refusals and misses soon', () => {
    template.hasResourceProperties(DISTRIBUTION, {
      DistributionConfig: {
        CustomErrorResponses: [
          { ErrorCode: 403, ErrorCachingMinTTL: 5 },
          { ErrorCode: 404, ErrorCachingMinTTL: 5 },
        ],
      },
    })
  })

  it.each([
    [
      'private',
      ['https://photos.example.org', 'https://shop.example.org'],
      { 'cache-control': 'private, max-age=600' },
    ],
    ['public', ['*'], {}],
  ])('sends the headers that the embedded CDN sends with %s files', (_, origins, more) => {
    const custom = {
      'cross-origin-resource-policy': SAFE_HEADERS['cross-origin-resource-policy'],
      ...more,
      vary: 'Accept, Origin',
    }
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        CorsConfig: { AccessControlAllowOrigins: { Items: origins }, AccessControlAllowCredentials: false },
        SecurityHeadersConfig: {
          ContentTypeOptions: { Override: true },
          ContentSecurityPolicy: {
            ContentSecurityPolicy: SAFE_HEADERS['content-security-policy'],
            Override: true,
          },
        },
        CustomHeadersConfig: {
          Items: Object.entries(custom).map(([Header, Value]) => ({ Header, Value, Override: true })),
        },
      },
    })
  })

  it('has a name and a certificate of its own where it is given one', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/1'
    templateOf({
      cdn: { ...exampleCdn(), ownName: { domain: 'img.example.org', certificateArn } },
    }).hasResourceProperties(DISTRIBUTION, {
      DistributionConfig: {
        Aliases: ['img.example.org'],
        ViewerCertificate: { AcmCertificateArn: certificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
      },
    })
  })
})

describe('keys of signed URLs', () => {
  const next = createKeyPair('cdn-key-b')
  const rotating = templateOf({
    cdn: { ...exampleCdn(), nextKey: { ...next.pair, signsFrom: '2030-01-31T12:00:00Z' } },
  })
  const after = templateOf({ cdn: { key: next.pair } })
  const keysOf = (of: Template) => Object.keys(of.findResources('AWS::CloudFront::PublicKey'))
  const groupOf = (of: Template) =>
    z
      .array(z.object({ Ref: z.string() }))
      .parse(Object.values(of.findResources('AWS::CloudFront::KeyGroup'))[0]?.Properties.KeyGroupConfig.Items)
      .map(({ Ref }) => Ref)

  it('are two during a rotation, and the group trusts both', () => {
    expect(groupOf(template)).toEqual(keysOf(template))
    expect(keysOf(template)).toHaveLength(1)
    expect(keysOf(rotating)).toHaveLength(2)
    expect(groupOf(rotating).toSorted()).toEqual(keysOf(rotating).toSorted())
  })

  it('stay the same resources when the next one becomes the only one', () => {
    expect(keysOf(rotating)).toEqual(expect.arrayContaining([...keysOf(template), ...keysOf(after)]))
    expect(keysOf(after)).not.toEqual(keysOf(template))
  })
})
