/** Where and when the prices below were looked up. Prices change: look again before deciding by them. */
export const PRICES_OF =
  'list prices of us-east-1, on demand, without free tiers and taxes, as published in the first half of 2026'

export const PRICE_PAGES = [
  'https://aws.amazon.com/fargate/pricing/',
  'https://aws.amazon.com/s3/pricing/',
  'https://aws.amazon.com/cloudfront/pricing/',
  'https://aws.amazon.com/rds/postgresql/pricing/',
  'https://aws.amazon.com/elasticloadbalancing/pricing/',
  'https://aws.amazon.com/vpc/pricing/',
  'https://aws.amazon.com/sqs/pricing/',
  'https://aws.amazon.com/secrets-manager/pricing/',
  'https://aws.amazon.com/cloudwatch/pricing/',
] as const

/** US dollars. */
export const PRICES = {
  fargate: {
    x86_64: { vcpuHour: 0.04048, gbHour: 0.004445 },
    arm64: { vcpuHour: 0.03238, gbHour: 0.00356 },
  },
  s3: {
    gbMonth: { standard: 0.023, archive: 0.004 },
    thousandPuts: 0.005,
    thousandGets: 0.0004,
  },
  /** To North America and Europe, the first 10 TB of a month. */
  cloudfront: { gbOut: 0.085, millionRequests: 1, millionFunctionCalls: 0.1 },
  rds: {
    instanceHour: {
      't4g.micro': 0.016,
      't4g.small': 0.032,
      't4g.medium': 0.065,
      't4g.large': 0.129,
      'm7g.large': 0.168,
      'm7g.xlarge': 0.337,
    },
    gbMonth: 0.115,
  },
  balancer: { hour: 0.0225, capacityUnitHour: 0.008 },
  natGatewayHour: 0.045,
  publicAddressHour: 0.005,
  millionQueueCalls: 0.4,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  logGb: 0.5,
} as const
