import { Duration } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Peer, Port } from 'aws-cdk-lib/aws-ec2'
import type { FargateService } from 'aws-cdk-lib/aws-ecs'
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type ApplicationTargetGroup,
  DesyncMitigationMode,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'
import type { Network } from './network.ts'
import { API_PORT } from './ports.ts'
import { LIVENESS_PATH } from './tasks.ts'

/** Less than the server keeps idle connections (72 s): else it would close one that a request is just sent on. */
const IDLE_TIMEOUT = Duration.seconds(60)
/** The server gives its requests 25 s after a signal. */
const DEREGISTRATION = Duration.seconds(30)

export interface Balancer {
  balancer: ApplicationLoadBalancer
  targets: ApplicationTargetGroup
}

/** HTTPS in front of the API; plain HTTP only leads there. */
export function createBalancer(
  scope: Construct,
  deployment: Deployment,
  network: Network,
  api: FargateService,
): Balancer {
  const balancer = new ApplicationLoadBalancer(scope, 'Balancer', {
    vpc: network.vpc,
    internetFacing: true,
    securityGroup: network.balancer,
    idleTimeout: IDLE_TIMEOUT,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
    deletionProtection: true,
  })
  for (const port of [80, 443]) network.balancer.addIngressRule(Peer.anyIpv4(), Port.tcp(port), 'clients')
  network.balancer.addEgressRule(network.api, Port.tcp(API_PORT), 'requests')
  balancer.addRedirect({ open: false })
  const listener = balancer.addListener('Https', {
    port: 443,
    protocol: ApplicationProtocol.HTTPS,
    open: false,
    sslPolicy: SslPolicy.RECOMMENDED_TLS,
    certificates: [Certificate.fromCertificateArn(scope, 'Certificate', deployment.certificateArn)],
  })
  // Readiness asks the database, too: while that is away, tasks would be killed for nothing.
  const targets = listener.addTargets('Api', {
    port: API_PORT,
    protocol: ApplicationProtocol.HTTP,
    targets: [api],
    deregistrationDelay: DEREGISTRATION,
    healthCheck: { path: LIVENESS_PATH, interval: Duration.seconds(10), timeout: Duration.seconds(5) },
  })
  createName(scope, deployment, balancer)
  return { balancer, targets }
}

function createName(
  scope: Construct,
  { domain, hostedZone }: Deployment,
  balancer: ApplicationLoadBalancer,
): ARecord | null {
  if (!hostedZone) return null
  const { id: hostedZoneId, name: zoneName } = hostedZone
  return new ARecord(scope, 'Name', {
    zone: HostedZone.fromHostedZoneAttributes(scope, 'Zone', { hostedZoneId, zoneName }),
    recordName: `${domain}.`,
    target: RecordTarget.fromAlias(new LoadBalancerTarget(balancer)),
  })
}
