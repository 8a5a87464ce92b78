import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'

/** Percent of the month's limit at which mails go out. */
const WARNINGS = [
  { kind: 'ACTUAL', percent: 80 },
  { kind: 'ACTUAL', percent: 100 },
  { kind: 'FORECASTED', percent: 100 },
]

/** Mails about the account's bill: a signal that comes hours late, and no cap. */
export const createBudget = (scope: Construct, { name, monthlyBudgetUsd, alarmEmail }: Deployment): CfnBudget =>
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `${name}-month`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: WARNINGS.map(({ kind, percent }) => ({
      notification: {
        notificationType: kind,
        comparisonOperator: 'GREATER_THAN',
        threshold: percent,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
    })),
  })
