import { Duration } from 'aws-cdk-lib'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import {
  ContainerImage,
  CpuArchitecture,
  Secret as EcsSecret,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'
import { environmentOf } from './environment.ts'
import { createLogGroup, retentionOf } from './logs.ts'
import { apiStatements, type Belongings, operatorStatements, workerStatements } from './permissions.ts'
import { API_PORT } from './ports.ts'
import type { SecretVariables } from './secrets.ts'
import type { TaskSize } from './sizes.ts'

/** The server gives its work 25 s after a signal. */
const STOP_TIMEOUT = Duration.seconds(30)
export const LIVENESS_PATH = '/api/health/liveness'
/** ECS knows nothing of the image's own HEALTHCHECK. */
const PROBE = `fetch('http://127.0.0.1:${API_PORT}${LIVENESS_PATH}').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`
const INIT = ['node', 'apps/server/src/main.ts', 'init']

export interface Tasks {
  api: FargateTaskDefinition
  worker: FargateTaskDefinition
  /** Started by hand: `init`, or `doctor` by another command. */
  operator: FargateTaskDefinition
}

interface Kind {
  id: string
  size: Pick<TaskSize, 'cpu' | 'memory'>
  environment: Record<string, string>
  statements: readonly PolicyStatement[]
  retention: RetentionDays
  command?: string[]
}

/** One image in three kinds of tasks, each with a role of its own. */
export function createTasks(
  scope: Construct,
  deployment: Deployment,
  secrets: SecretVariables,
  belongings: Belongings,
): Tasks {
  const retention = retentionOf(deployment)
  const task = (kind: Kind) => createTask(scope, deployment, secrets, kind)
  const worker = environmentOf('worker', deployment, belongings)
  return {
    api: task({
      id: 'Api',
      size: deployment.api,
      environment: environmentOf('api', deployment, belongings),
      statements: apiStatements(belongings),
      retention,
    }),
    worker: task({
      id: 'Worker',
      size: deployment.worker,
      environment: worker,
      statements: workerStatements(belongings),
      retention,
    }),
    operator: task({
      id: 'Operator',
      size: { cpu: 512, memory: 1_024 },
      environment: { ...worker, ENGINE_PROCESSES: '1' },
      statements: operatorStatements(belongings),
      // The owner key is shown there.
      retention: RetentionDays.ONE_DAY,
      command: INIT,
    }),
  }
}

function createTask(scope: Construct, deployment: Deployment, secrets: SecretVariables, kind: Kind) {
  const { name, image, architecture } = deployment
  const { id, size, command } = kind
  const definition = new FargateTaskDefinition(scope, `${id}Task`, {
    family: `${name}-${id.toLowerCase()}`,
    cpu: size.cpu,
    memoryLimitMiB: size.memory,
    runtimePlatform: {
      cpuArchitecture: architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  })
  for (const statement of kind.statements) definition.addToTaskRolePolicy(statement)
  definition.addContainer('server', {
    image: ContainerImage.fromEcrRepository(
      Repository.fromRepositoryName(scope, `${id}Image`, image.repository),
      image.tag,
    ),
    environment: kind.environment,
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([variable, secret]) => [variable, EcsSecret.fromSecretsManager(secret)]),
    ),
    logging: LogDrivers.awsLogs({
      streamPrefix: id.toLowerCase(),
      logGroup: createLogGroup(scope, `${id}Logs`, `/calotype/${name}/${id.toLowerCase()}`, kind.retention),
    }),
    stopTimeout: STOP_TIMEOUT,
    ...(command === undefined ? serving() : { command }),
  })
  return definition
}

const serving = () => ({
  portMappings: [{ containerPort: API_PORT }],
  healthCheck: {
    command: ['CMD', 'node', '-e', PROBE],
    interval: Duration.seconds(10),
    timeout: Duration.seconds(5),
    startPeriod: Duration.seconds(60),
    retries: 3,
  },
})
