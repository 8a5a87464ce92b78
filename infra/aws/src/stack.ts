import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib'
import { createAlarms } from './alarms.ts'
import { createBalancer } from './balancer.ts'
import { bucketArnOf, createBucket } from './bucket.ts'
import { createBudget } from './budget.ts'
import { createCdn } from './cdn.ts'
import { createDatabase } from './database.ts'
import type { Deployment } from './deployment.ts'
import { createNetwork } from './network.ts'
import { createQueues } from './queues.ts'
import { createOwnerKey, createSecrets } from './secrets.ts'
import { createServices } from './services.ts'
import { createTasks } from './tasks.ts'

/**
 * Everything that a deployment has, in one stack. The account is whoever's credentials deploy it, so that nothing has to be looked up
 * in one to make the template.
 */
export function createStack(app: App, deployment: Deployment): Stack {
  const stack = new Stack(app, deployment.name, {
    env: { region: deployment.region },
    terminationProtection: true,
    description: 'Calotype: an image backend',
  })
  Tags.of(stack).add('app', deployment.name)
  const network = createNetwork(stack, deployment)
  const queues = createQueues(stack, deployment, bucketArnOf(deployment))
  const bucket = createBucket(stack, deployment, queues.storageEvents.queue)
  const cdn = createCdn(stack, deployment, bucket)
  const database = createDatabase(stack, deployment, network)
  const secrets = createSecrets(stack, deployment, database)
  const tasks = createTasks(stack, deployment, secrets, { bucket, queues, cdn })
  const services = createServices(stack, deployment, network, { tasks, queues })
  const balancer = createBalancer(stack, deployment, network, services.api)
  createAlarms(stack, deployment, { queues, database, balancer, services })
  createBudget(stack, deployment)
  // What the commands of docs/deploy-aws.md are given.
  const outputs = {
    Cluster: services.cluster.clusterName,
    OperatorTask: tasks.operator.taskDefinitionArn,
    TaskSubnets: network.vpc.selectSubnets(network.taskSubnets).subnetIds.join(','),
    TaskSecurityGroup: network.worker.securityGroupId,
    TaskPublicAddress: network.publicAddresses ? 'ENABLED' : 'DISABLED',
    OwnerKeySecret: createOwnerKey(stack).ref,
    Bucket: bucket.bucketName,
    BalancerName: balancer.balancer.loadBalancerDnsName,
    CdnName: cdn.distribution.distributionDomainName,
    DatabaseHost: database.instance.dbInstanceEndpointAddress,
    ...(queues.detection ? { DetectionQueue: queues.detection.queue.queueUrl } : {}),
  }
  for (const [id, value] of Object.entries(outputs)) new CfnOutput(stack, `${id}Output`, { key: id, value })
  return stack
}
