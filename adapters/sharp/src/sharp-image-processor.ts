import { availableParallelism } from 'node:os'
import type { ImageProcessor } from '@calotype/core'
import { engineVersion, requireSafeLibraries } from './libraries.ts'
import type { EngineLogEntry } from './pool/log-entry.ts'
import { createPool } from './pool/pool.ts'

const MEBIBYTE = 1024 * 1024
/** What the one large job at a time may take. */
const LARGE_MEMORY_LIMIT = 1024 * MEBIBYTE

export interface SharpImageProcessorConfig {
  /** Engine processes, each on one core; all cores by default. */
  processes?: number
  /** Resident memory that a job may take, in bytes; up to 1 GiB for one job at a time when its header asks for it. */
  memoryLimitBytes?: number
  /** Wall time of one job. */
  timeLimitMs?: number
  /** CPU time of one job over all threads; as long as the wall time by default. */
  cpuLimitMs?: number
  /** Jobs that may wait; past it renders are refused as overloaded. */
  maxQueued?: number
  /** A process makes room for a fresh one after so many jobs. */
  jobsPerProcess?: number
  /** How long `close` waits for running jobs. */
  closeGraceMs?: number
  /** Only tests choose another program. */
  workerProgram?: URL
  log?: (entry: EngineLogEntry) => void
}

/** Beside this file; compiled packages have no `.ts`. */
const defaultWorkerProgram = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './worker/worker.ts' : './worker/worker.js', import.meta.url)

/**
 * The image engine on sharp: decoding and encoding in child processes that are started now, so that the first image
 * does not wait. @throws Error when the image libraries are older than the known fixes
 */
export const createSharpImageProcessor = (config: SharpImageProcessorConfig = {}): ImageProcessor => {
  requireSafeLibraries()
  const memoryLimitBytes = config.memoryLimitBytes ?? 512 * MEBIBYTE
  const timeLimitMs = config.timeLimitMs ?? 30_000
  const pool = createPool({
    processes: Math.max(1, config.processes ?? availableParallelism()),
    memoryLimitBytes,
    largeMemoryLimitBytes: Math.max(memoryLimitBytes, LARGE_MEMORY_LIMIT),
    timeLimitMs,
    cpuLimitMs: config.cpuLimitMs ?? timeLimitMs,
    maxQueued: config.maxQueued ?? 256,
    jobsPerProcess: config.jobsPerProcess ?? 500,
    closeGraceMs: config.closeGraceMs ?? 10_000,
    workerProgram: config.workerProgram ?? defaultWorkerProgram(),
    log: config.log ?? (() => undefined),
  })
  return { version: engineVersion(), render: pool.render, health: pool.health, close: pool.close }
}
