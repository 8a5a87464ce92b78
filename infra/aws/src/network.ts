import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'
import { API_PORT, POSTGRES_PORT } from './ports.ts'

/** The server believes addresses of its clients from in here only: the load balancer. */
export const VPC_CIDR = '10.0.0.0/16'
const ZONES = 2

export interface Network {
  vpc: Vpc
  /** Where tasks run. */
  taskSubnets: SubnetSelection
  /** Without a gateway tasks reach the world by addresses of their own. */
  publicAddresses: boolean
  balancer: ISecurityGroup
  api: ISecurityGroup
  /** Workers and the task that prepares the database: nobody calls them. */
  worker: ISecurityGroup
  database: ISecurityGroup
}

/** Two zones; the database without a way out, and who may talk to whom. */
export function createNetwork(scope: Construct, { natGateways }: Deployment): Network {
  const publicAddresses = natGateways === 0
  const vpc = new Vpc(scope, 'Vpc', {
    ipAddresses: IpAddresses.cidr(VPC_CIDR),
    maxAzs: ZONES,
    natGateways,
    subnetConfiguration: [
      { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      ...(publicAddresses
        ? []
        : [{ name: 'tasks', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 22 } as const]),
      { name: 'database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  })
  // Bytes of images pass no gateway that is paid by the byte.
  vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })
  const taskSubnets = { subnetType: publicAddresses ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS }
  return { vpc, taskSubnets, publicAddresses, ...createGroups(vpc) }
}

function createGroups(vpc: Vpc): Pick<Network, 'balancer' | 'api' | 'worker' | 'database'> {
  const group = (id: string, description: string, allowAllOutbound: boolean) =>
    new SecurityGroup(vpc, id, { vpc, description, allowAllOutbound })
  const balancer = group('Balancer', 'HTTPS from the world, and on to the API', false)
  // Webhooks, imports and mail go to hosts that users name.
  const api = group('Api', 'The API, called by the load balancer', true)
  const worker = group('Worker', 'Workers, called by nobody', true)
  const database = group('Database', 'PostgreSQL, called by our tasks', false)
  api.addIngressRule(balancer, Port.tcp(API_PORT), 'requests')
  for (const caller of [api, worker]) database.addIngressRule(caller, Port.tcp(POSTGRES_PORT), 'queries')
  return { balancer, api, worker, database }
}
