import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { templateOf } from './testing/template.ts'

const template = templateOf()

describe('a person gets mail', () => {
  it.each([
    ['a storage event is a dead letter', 'StorageEventsDead', 'ApproximateNumberOfMessagesVisible', 0],
    ['a detection message is a dead letter', 'DetectionDead', 'ApproximateNumberOfMessagesVisible', 0],
    ['storage events wait for 15 minutes', 'StorageEventsAge', 'ApproximateAgeOfOldestMessage', 900],
    ['detection messages wait for 15 minutes', 'DetectionAge', 'ApproximateAgeOfOldestMessage', 900],
    ['the API answers with 5xx', 'ServerErrors', 'HTTPCode_Target_5XX_Count', 10],
    ['no task answers', 'BalancerErrors', 'HTTPCode_ELB_5XX_Count', 10],
    ['the API is busy', 'ApiBusy', 'CPUUtilization', 90],
    ['workers are busy', 'WorkersBusy', 'CPUUtilization', 90],
    ['the database is busy', 'DatabaseBusy', 'CPUUtilization', 90],
    ['the database fills up', 'DatabaseStorage', 'FreeStorageSpace', 2 * 1024 ** 3],
  ])('when %s', (_, id, MetricName, Threshold) => {
    const alarms = Object.entries(
      template.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName, Threshold } }),
    )
    const found = alarms.filter(([name]) => name.startsWith(`${id}Alarm`)).map(([, alarm]) => alarm.Properties)
    expect(found).toMatchObject([
      {
        AlarmActions: [{ Ref: expect.stringMatching(/^Alarms/) }],
        ComparisonOperator: id === 'DatabaseStorage' ? 'LessThanThreshold' : 'GreaterThanThreshold',
        AlarmDescription: expect.stringMatching(/\w{3}/),
      },
    ])
  })

  it('at the address of the deployment', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.org' })
  })

  it('before, at and beyond the budget of the month', () => {
    const warning = (NotificationType: string, Threshold: number) => ({
      Notification: { NotificationType, Threshold, ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' },
      Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'ops@example.org' }],
    })
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: Match.objectLike({ BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 150, Unit: 'USD' } }),
      NotificationsWithSubscribers: [warning('ACTUAL', 80), warning('ACTUAL', 100), warning('FORECASTED', 100)],
    })
  })
})
