import { Duration } from 'aws-cdk-lib'
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling'
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2'
import { Cluster, ContainerInsights, FargateService, type FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'
import type { Network } from './network.ts'
import type { Queues } from './queues.ts'
import type { Tasks } from './tasks.ts'

/** Percent of the CPU that tasks are kept at. */
const API_CPU = 60
const WORKER_CPU = 70
/** Events that wait: a worker takes ten at a time. */
const EVENTS_STEPS = [
  { lower: 100, upper: 1_000, change: 1 },
  { lower: 1_000, change: 3 },
]
const SCALE_IN_COOLDOWN = Duration.minutes(5)
const SCALE_OUT_COOLDOWN = Duration.minutes(1)

export interface Services {
  cluster: Cluster
  api: FargateService
  worker: FargateService
}

/** The API and the workers, each scaling by itself. None runs until the deployment says so. */
export function createServices(
  scope: Construct,
  deployment: Deployment,
  network: Network,
  { tasks, queues }: { tasks: Tasks; queues: Queues },
): Services {
  const cluster = new Cluster(scope, 'Cluster', {
    clusterName: deployment.name,
    vpc: network.vpc,
    containerInsightsV2: deployment.size === 'team' ? ContainerInsights.ENABLED : ContainerInsights.DISABLED,
  })
  const service = (role: 'api' | 'worker', task: FargateTaskDefinition, group: ISecurityGroup) =>
    new FargateService(scope, role === 'api' ? 'Api' : 'Worker', {
      cluster,
      serviceName: role,
      taskDefinition: task,
      desiredCount: deployment.running ? deployment[role].min : 0,
      securityGroups: [group],
      vpcSubnets: network.taskSubnets,
      assignPublicIp: network.publicAddresses,
      // New tasks first: what answers and works goes on until they do.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      enableExecuteCommand: false,
    })
  const api = service('api', tasks.api, network.api)
  const worker = service('worker', tasks.worker, network.worker)
  if (deployment.running) {
    scale(api, 'Api', deployment.api, API_CPU)
    const workers = scale(worker, 'Worker', deployment.worker, WORKER_CPU)
    workers.scaleOnMetric('Events', {
      metric: queues.storageEvents.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      scalingSteps: EVENTS_STEPS,
      cooldown: SCALE_OUT_COOLDOWN,
    })
  }
  return { cluster, api, worker }
}

function scale(service: FargateService, id: string, { min, max }: { min: number; max: number }, percent: number) {
  const count = service.autoScaleTaskCount({ minCapacity: min, maxCapacity: max })
  count.scaleOnCpuUtilization(`${id}Cpu`, {
    targetUtilizationPercent: percent,
    scaleInCooldown: SCALE_IN_COOLDOWN,
    scaleOutCooldown: SCALE_OUT_COOLDOWN,
  })
  return count
}
