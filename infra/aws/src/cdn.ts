import { createHash } from 'node:crypto'
import { Aws, Duration } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  type BehaviorOptions,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  KeyGroup,
  PriceClass,
  PublicKey,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { VARIANTS } from './bucket.ts'
import { createViewerHeaders } from './cdn-headers.ts'
import type { Deployment } from './deployment.ts'
import { edgeFile } from './edge-file.ts'

/** What is refused or missing may be there a moment later. */
const ERROR_TTL = Duration.seconds(5)
const PRICE_CLASSES = {
  '100': PriceClass.PRICE_CLASS_100,
  '200': PriceClass.PRICE_CLASS_200,
  all: PriceClass.PRICE_CLASS_ALL,
}

export interface Cdn {
  distribution: Distribution
  /** What clients see in URLs. */
  domain: string
  key: PublicKey
  nextKey: PublicKey | null
}

/** The CDN before the bucket: `private/*` with a signature, `public/*` without, and everything else refused. */
export function createCdn(scope: Construct, deployment: Deployment, bucket: Bucket): Cdn {
  const { cdn, name } = deployment
  const key = createKey(scope, cdn.key.publicKey)
  const nextKey = cdn.nextKey ? createKey(scope, cdn.nextKey.publicKey) : null
  const keyGroup = new KeyGroup(scope, 'CdnKeys', { items: nextKey ? [key, nextKey] : [key] })
  const headers = createViewerHeaders(scope, deployment)
  const variant: Omit<BehaviorOptions, 'origin'> = {
    cachePolicy: createCachePolicy(scope, deployment),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    compress: false,
    functionAssociations: [onRequest(scope, 'ChooseFormat', 'choose-format')],
  }
  const origin = createOrigin(scope, bucket)
  const distribution = new Distribution(scope, 'Cdn', {
    comment: `${name}: variants`,
    defaultBehavior: {
      origin,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      functionAssociations: [onRequest(scope, 'Refuse', 'refuse')],
      // Were the function ever taken away, there is still no policy that is signed for these paths.
      trustedKeyGroups: [keyGroup],
    },
    additionalBehaviors: {
      'private/*': { origin, ...variant, responseHeadersPolicy: headers.private, trustedKeyGroups: [keyGroup] },
      'public/*': { origin, ...variant, responseHeadersPolicy: headers.public },
    },
    errorResponses: [403, 404].map(httpStatus => ({ httpStatus, ttl: ERROR_TTL })),
    httpVersion: HttpVersion.HTTP2_AND_3,
    priceClass: PRICE_CLASSES[cdn.priceClass],
    publishAdditionalMetrics: true,
    ...ownName(scope, deployment),
  })
  allowReads(bucket, distribution)
  return { distribution, domain: cdn.ownName?.domain ?? distribution.distributionDomainName, key, nextKey }
}

/** Named by its content, so that the key that took over stays the same resource when the old one is dropped. */
function createKey(scope: Construct, pem: string): PublicKey {
  const encodedKey = `${pem.trim()}\n`
  const digest = createHash('sha256').update(encodedKey).digest('hex').slice(0, 8)
  return new PublicKey(scope, `CdnKey${digest}`, { encodedKey })
}

const onRequest = (scope: Construct, id: string, file: string) => ({
  eventType: FunctionEventType.VIEWER_REQUEST,
  function: new EdgeFunction(scope, id, {
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromFile({ filePath: edgeFile(file) }),
  }),
})

/**
 * The key of the cache is the path alone: the format is in it once the function has run, and signatures are checked before. How long a file
 * stays is in its Cache-Control (one that has none counts as JPEG), and never longer than AVIF and WebP.
 */
const createCachePolicy = (scope: Construct, { cdn }: Deployment): CachePolicy =>
  new CachePolicy(scope, 'CdnCache', {
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(cdn.edgeSeconds.jpeg),
    maxTtl: Duration.seconds(cdn.edgeSeconds.avifAndWebp),
    queryStringBehavior: CacheQueryStringBehavior.none(),
    headerBehavior: CacheHeaderBehavior.none(),
    cookieBehavior: CacheCookieBehavior.none(),
    enableAcceptEncodingGzip: false,
    enableAcceptEncodingBrotli: false,
  })

/** CDK's own origin would let the CDN read the whole bucket. */
function createOrigin(scope: Construct, bucket: Bucket): IOrigin {
  const access = new S3OriginAccessControl(scope, 'CdnAccess')
  return {
    bind: (_, { originId }) => ({
      originProperty: {
        id: originId,
        domainName: bucket.bucketRegionalDomainName,
        s3OriginConfig: { originAccessIdentity: '' },
        originAccessControlId: access.originAccessControlId,
      },
    }),
  }
}

function allowReads(bucket: Bucket, distribution: Distribution): void {
  const arn = `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${distribution.distributionId}`
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
      actions: ['s3:GetObject'],
      resources: VARIANTS.map(prefix => bucket.arnForObjects(`${prefix}*`)),
      conditions: { StringEquals: { 'AWS:SourceArn': arn } },
    }),
  )
}

function ownName(scope: Construct, { cdn }: Deployment) {
  if (!cdn.ownName) return {}
  const { domain, certificateArn } = cdn.ownName
  return {
    domainNames: [domain],
    certificate: Certificate.fromCertificateArn(scope, 'CdnCertificate', certificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  }
}
