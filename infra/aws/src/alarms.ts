import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { Balancer } from './balancer.ts'
import type { Database } from './database.ts'
import type { Deployment } from './deployment.ts'
import { pairsOf, type Queues } from './queues.ts'
import type { Services } from './services.ts'

/** Answers with 5xx in five minutes. */
const SERVER_ERRORS = 10
/** Seconds that the oldest message may have waited. */
const OLDEST_MESSAGE = 15 * 60
const BUSY_PERCENT = 90
const GIB = 1024 ** 3
/** Of the storage that the database begins with: less than this is left. */
const STORAGE_LEFT = 0.1
const FIVE_MINUTES = Duration.minutes(5)

interface Watched {
  metric: Metric
  threshold: number
  below?: boolean
  /** Periods in a row. */
  periods?: number
  meaning: string
}

/** What a person has to look at, by mail. */
export function createAlarms(
  scope: Construct,
  deployment: Deployment,
  parts: { queues: Queues; database: Database; balancer: Balancer; services: Services },
): void {
  const topic = new Topic(scope, 'Alarms', { enforceSSL: true })
  topic.addSubscription(new EmailSubscription(deployment.alarmEmail))
  const action = new SnsAction(topic)
  const all = { ...queueAlarms(parts.queues), ...apiAlarms(parts), ...databaseAlarms(parts.database, deployment) }
  for (const [id, { metric, threshold, below = false, periods = 1, meaning }] of Object.entries(all)) {
    const alarm = metric.createAlarm(scope, `${id}Alarm`, {
      alarmDescription: meaning,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(action)
    alarm.addOkAction(action)
  }
}

const queueAlarms = (queues: Queues): Record<string, Watched> =>
  Object.fromEntries(
    pairsOf(queues).flatMap(([id, { queue, dead }]): [string, Watched][] => [
      [
        `${id}Dead`,
        {
          metric: dead.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES }),
          threshold: 0,
          meaning: 'Messages failed too often and wait for a person',
        },
      ],
      [
        `${id}Age`,
        {
          metric: queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES }),
          threshold: OLDEST_MESSAGE,
          meaning: 'Messages wait for too long: who reads them is away or too slow',
        },
      ],
    ]),
  )

const apiAlarms = ({ balancer, services }: { balancer: Balancer; services: Services }): Record<string, Watched> => ({
  ServerErrors: {
    metric: balancer.targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period: FIVE_MINUTES }),
    threshold: SERVER_ERRORS,
    meaning: 'The API answers with 5xx',
  },
  BalancerErrors: {
    metric: balancer.balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { period: FIVE_MINUTES }),
    threshold: SERVER_ERRORS,
    meaning: 'No API task answers the load balancer',
  },
  ApiBusy: {
    metric: services.api.metricCpuUtilization({ period: FIVE_MINUTES }),
    threshold: BUSY_PERCENT,
    periods: 3,
    meaning: 'The API has no CPU left although it may scale: raise api.max',
  },
  WorkersBusy: {
    metric: services.worker.metricCpuUtilization({ period: FIVE_MINUTES }),
    threshold: BUSY_PERCENT,
    periods: 12,
    meaning: 'Workers are busy for an hour although they may scale: images wait; raise worker.max',
  },
})

function databaseAlarms({ instance }: Database, { database }: Deployment): Record<string, Watched> {
  return {
    DatabaseBusy: {
      metric: instance.metricCPUUtilization({ period: FIVE_MINUTES }),
      threshold: BUSY_PERCENT,
      periods: 3,
      meaning: 'The database has no CPU left',
    },
    DatabaseStorage: {
      metric: instance.metricFreeStorageSpace({ period: FIVE_MINUTES }),
      threshold: database.storageGb * STORAGE_LEFT * GIB,
      below: true,
      meaning: 'The database has little storage left',
    },
  }
}
