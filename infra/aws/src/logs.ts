import { RemovalPolicy } from 'aws-cdk-lib'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'

/** The enumeration's values are numbers of days, and those of a deployment are among them. */
export const retentionOf = ({ logRetentionDays }: Pick<Deployment, 'logRetentionDays'>): RetentionDays =>
  logRetentionDays

/** Logs of one kind of task. */
export const createLogGroup = (
  scope: Construct,
  id: string,
  logGroupName: string,
  retention: RetentionDays,
): LogGroup => new LogGroup(scope, id, { logGroupName, retention, removalPolicy: RemovalPolicy.DESTROY })
