/** What a million images are assumed to be and to do; every figure can be another one on the command line. */
export const WORKLOAD = {
  /** Megabytes of an original; a phone's photo. */
  originalMb: 3,
  /** Kilobytes of all variants of an image: three `full` of at most 102 and three `thumb`. */
  variantsKb: 250,
  /** CPU seconds from upload to ready: 2 cores at 59 images a minute, `npm run bench upload` (bench/README.md), the database's share included. */
  cpuSeconds: 2.03,
  /** Of a worker's CPU when it is busy: what autoscaling aims at. */
  workerUse: 0.7,
  /** How often a variant of an image is looked at in the month, and the kilobytes of one. */
  views: 10,
  viewKb: 60,
  /** Of views that the edge answers (requirement O9: more than 0.9 when warm). */
  hitRatio: 0.9,
  /** Kilobytes that the processes log of an image. */
  logKb: 6,
}
export type Workload = typeof WORKLOAD

/** Requests that an image makes on its way, as the code sends them. */
export const PER_IMAGE = {
  /** The original, and six variants. */
  puts: 7,
  /** One look at what storage holds, and one read for the engine. */
  gets: 2,
  /** Storage event and detection message: sent, received and removed one by one, which is the worst case; S3 sends free of charge. */
  queueCalls: 5,
} as const
