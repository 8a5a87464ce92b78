import type { Deployment } from '../deployment.ts'
import type { TaskSize } from '../sizes.ts'
import { PRICES } from './prices.ts'
import { PER_IMAGE, type Workload } from './workload.ts'

/** US dollars of a month, and how they come about. */
export interface Cost {
  what: string
  formula: string
  usd: number
}

const HOURS = 730
const MILLION = 1e6
const SECONDS_PER_HOUR = 3_600
const CPU_UNITS = 1_024
const MIB_PER_GB = 1_024
/** Credentials, DATABASE_URL, SECRET_KEY, the owner key, and the CDN's key. */
const SECRETS = 5
/** Ten that tell a person, and five that scale. */
const ALARMS = 15
/** Zones that the load balancer has an address in. */
const ZONES = 2

type Fargate = (typeof PRICES.fargate)[keyof typeof PRICES.fargate]
type Settled = Pick<Deployment, 'api' | 'worker' | 'database' | 'natGateways' | 'architecture'>

const taskHour = ({ cpu, memory }: TaskSize, fargate: Fargate): number =>
  (cpu / CPU_UNITS) * fargate.vcpuHour + (memory / MIB_PER_GB) * fargate.gbHour

const tasks = (what: string, size: TaskSize, fargate: Fargate): Cost => ({
  what,
  formula: `${size.min} × (${size.cpu / CPU_UNITS} vCPU × ${fargate.vcpuHour} + ${size.memory / MIB_PER_GB} GB × ${fargate.gbHour}) × ${HOURS} h`,
  usd: size.min * taskHour(size, fargate) * HOURS,
})

/** What a deployment costs in a month in which nobody uses it: as many tasks as there are at least. */
export function standingCosts({ api, worker, database, natGateways, architecture }: Settled): Cost[] {
  const fargate = PRICES.fargate[architecture]
  const copies = database.standby ? 2 : 1
  const instanceHour = PRICES.rds.instanceHour[database.instance]
  const { hour, capacityUnitHour } = PRICES.balancer
  const addresses = ZONES + (natGateways === 0 ? api.min + worker.min : natGateways)
  return [
    tasks('API tasks', api, fargate),
    tasks('worker tasks', worker, fargate),
    {
      what: 'database',
      formula: `${copies} × (${instanceHour} × ${HOURS} h + ${database.storageGb} GB × ${PRICES.rds.gbMonth})`,
      usd: copies * (instanceHour * HOURS + database.storageGb * PRICES.rds.gbMonth),
    },
    {
      what: 'load balancer',
      formula: `(${hour} + 1 capacity unit × ${capacityUnitHour}) × ${HOURS} h`,
      usd: (hour + capacityUnitHour) * HOURS,
    },
    {
      what: 'NAT gateways',
      formula: `${natGateways} × ${PRICES.natGatewayHour} × ${HOURS} h`,
      usd: natGateways * PRICES.natGatewayHour * HOURS,
    },
    {
      what: 'public addresses',
      formula: `${addresses} × ${PRICES.publicAddressHour} × ${HOURS} h`,
      usd: addresses * PRICES.publicAddressHour * HOURS,
    },
    {
      what: 'secrets and alarms',
      formula: `${SECRETS} × ${PRICES.secretMonth} + ${ALARMS} × ${PRICES.alarmMonth}`,
      usd: SECRETS * PRICES.secretMonth + ALARMS * PRICES.alarmMonth,
    },
  ]
}

/** What a million new images add in the month in which they come and are looked at. */
export function millionCosts(load: Workload, { worker, architecture }: Settled): Cost[] {
  const { s3, cloudfront } = PRICES
  const originals = (MILLION * load.originalMb) / 1e3
  const variants = (MILLION * load.variantsKb) / 1e6
  const vcpus = worker.cpu / CPU_UNITS
  const cpuHour = taskHour(worker, PRICES.fargate[architecture]) / vcpus
  const misses = load.views * (1 - load.hitRatio)
  const gets = PER_IMAGE.gets + misses
  const out = (load.views * load.viewKb * MILLION) / 1e6
  const cost = (what: string, formula: string, usd: number): Cost => ({ what, formula, usd })
  return [
    cost(
      'workers',
      `10⁶ × ${load.cpuSeconds} s ÷ ${SECONDS_PER_HOUR} ÷ ${load.workerUse} × ${cpuHour.toFixed(5)} (a vCPU-hour with its memory)`,
      ((MILLION * load.cpuSeconds) / SECONDS_PER_HOUR / load.workerUse) * cpuHour,
    ),
    cost(
      'storage, originals',
      `10⁶ × ${load.originalMb} MB × ${s3.gbMonth.standard} per GB`,
      originals * s3.gbMonth.standard,
    ),
    cost(
      'storage, variants',
      `10⁶ × ${load.variantsKb} KB × ${s3.gbMonth.standard} per GB`,
      variants * s3.gbMonth.standard,
    ),
    cost(
      'storage requests',
      `10³ × (${PER_IMAGE.puts} × ${s3.thousandPuts} + ${round(gets)} × ${s3.thousandGets})`,
      1e3 * (PER_IMAGE.puts * s3.thousandPuts + gets * s3.thousandGets),
    ),
    cost(
      'queues',
      `${PER_IMAGE.queueCalls} × ${PRICES.millionQueueCalls}`,
      PER_IMAGE.queueCalls * PRICES.millionQueueCalls,
    ),
    cost('CDN, bytes', `10⁶ × ${load.views} × ${load.viewKb} KB × ${cloudfront.gbOut} per GB`, out * cloudfront.gbOut),
    cost(
      'CDN, requests',
      `${load.views} × (${cloudfront.millionRequests} + ${cloudfront.millionFunctionCalls} for the format)`,
      load.views * (cloudfront.millionRequests + cloudfront.millionFunctionCalls),
    ),
    cost('logs', `10⁶ × ${load.logKb} KB × ${PRICES.logGb} per GB`, ((MILLION * load.logKb) / 1e6) * PRICES.logGb),
  ]
}

const round = (value: number): number => Number(value.toFixed(3))

/** What the same million costs in each later month, when nobody adds to it: its bytes, and its views. */
export function laterCosts(load: Workload, settled: Settled, archived: boolean): number {
  const costs = millionCosts(load, settled)
  const of = (what: string) => costs.find(cost => cost.what === what)?.usd ?? 0
  const { standard, archive } = PRICES.s3.gbMonth
  const originals = of('storage, originals') * (archived ? archive / standard : 1)
  return originals + of('storage, variants') + of('CDN, bytes') + of('CDN, requests')
}

export const sum = (costs: readonly Cost[]): number => costs.reduce((total, { usd }) => total + usd, 0)
