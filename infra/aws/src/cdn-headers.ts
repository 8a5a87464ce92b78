import { Duration } from 'aws-cdk-lib'
import { ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'

/** The same words as the embedded CDN says. */
const CONTENT_SECURITY = "default-src 'none'; sandbox"
const PREFLIGHT = Duration.minutes(10)

/** What viewers get beside the file: one policy for private variants, one for public ones. */
export function createViewerHeaders(scope: Construct, { domain, corsOrigins, cdn }: Deployment) {
  const policy = (id: string, origins: readonly string[], custom: Readonly<Record<string, string>>) =>
    new ResponseHeadersPolicy(scope, id, {
      securityHeadersBehavior: {
        contentTypeOptions: { override: true },
        contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY, override: true },
      },
      corsBehavior: {
        accessControlAllowOrigins: [...origins],
        accessControlAllowMethods: ['GET', 'HEAD'],
        accessControlAllowHeaders: ['*'],
        accessControlAllowCredentials: false,
        accessControlMaxAge: PREFLIGHT,
        originOverride: true,
      },
      customHeadersBehavior: {
        customHeaders: Object.entries({ 'cross-origin-resource-policy': 'cross-origin', ...custom }).map(
          ([header, value]) => ({ header, value, override: true }),
        ),
      },
    })
  return {
    /** The edges keep files for long, browsers of private ones for one life of a URL. */
    private: policy('CdnPrivateHeaders', [`https://${domain}`, ...corsOrigins], {
      'cache-control': `private, max-age=${cdn.signedUrlSeconds}`,
      vary: 'Accept, Origin',
    }),
    /** What the file says itself is true for browsers, too. */
    public: policy('CdnPublicHeaders', ['*'], { vary: 'Accept, Origin' }),
  }
}
