export type FargateCpu = (typeof FARGATE_CPU)[number]

/** Tasks of one role: CPU units (1,024 are one vCPU) and MiB of each, and how many there are. */
export interface TaskSize {
  cpu: FargateCpu
  memory: number
  min: number
  max: number
}

export interface DatabaseSize {
  instance: DatabaseInstanceName
  storageGb: number
  /** Storage grows by itself up to here. */
  maxStorageGb: number
  standby: boolean
  backupDays: number
}

export interface Size {
  api: TaskSize
  worker: TaskSize
  database: DatabaseSize
  /** 0: tasks have public addresses, behind closed security groups; a gateway costs more than a small database. */
  natGateways: 0 | 1 | 2
}

export const DATABASE_INSTANCES = [
  't4g.micro',
  't4g.small',
  't4g.medium',
  't4g.large',
  'm7g.large',
  'm7g.xlarge',
] as const
export type DatabaseInstanceName = (typeof DATABASE_INSTANCES)[number]

const GIB_OF: Record<DatabaseInstanceName, number> = {
  't4g.micro': 1,
  't4g.small': 2,
  't4g.medium': 4,
  't4g.large': 8,
  'm7g.large': 8,
  'm7g.xlarge': 16,
}

/** CPU units that Fargate takes. */
export const FARGATE_CPU = [256, 512, 1_024, 2_048, 4_096] as const

/** MiB that Fargate takes for so many CPU units: from, to. */
export const FARGATE_MEMORY: Readonly<Record<FargateCpu, readonly [from: number, to: number]>> = {
  256: [512, 2_048],
  512: [1_024, 4_096],
  1024: [2_048, 8_192],
  2048: [4_096, 16_384],
  4096: [8_192, 30_720],
}

/** What a deployment begins with; every figure can be given its own value. */
export const SIZES = {
  /** One person or a few: everything once, a task more when there is work. */
  hobby: {
    api: { cpu: 512, memory: 1_024, min: 1, max: 2 },
    worker: { cpu: 1_024, memory: 2_048, min: 1, max: 2 },
    database: { instance: 't4g.micro', storageGb: 20, maxStorageGb: 100, standby: false, backupDays: 7 },
    natGateways: 0,
  },
  /** A product that people wait for: two of everything that answers. */
  team: {
    api: { cpu: 1_024, memory: 2_048, min: 2, max: 6 },
    worker: { cpu: 2_048, memory: 4_096, min: 2, max: 8 },
    database: { instance: 't4g.medium', storageGb: 50, maxStorageGb: 500, standby: true, backupDays: 14 },
    natGateways: 1,
  },
} as const satisfies Record<string, Size>

const BYTES_PER_GIB = 1024 ** 3
/** RDS makes `max_connections` of the memory by this divisor. */
const BYTES_PER_CONNECTION = 9_531_392
/** The rest of the memory is the operating system's. */
const USABLE_MEMORY = 0.7
/** Connections of a process beside its pool: jobs (4), events (1), and the one that migrates at the start. */
export const CONNECTIONS_BESIDE_POOL = 6
const POOL_MAX = 10

/** Connections that an instance has for us. */
export const connectionsOf = (instance: DatabaseInstanceName): number =>
  Math.floor((GIB_OF[instance] * BYTES_PER_GIB * USABLE_MEMORY) / BYTES_PER_CONNECTION)

/** DATABASE_POOL_MAX: as much as fits when every task runs twice, as during a deployment. */
export function poolOf({ api, worker, database }: Size): number {
  const tasks = 2 * (api.max + worker.max)
  return Math.min(POOL_MAX, Math.floor(connectionsOf(database.instance) / tasks) - CONNECTIONS_BESIDE_POOL)
}
