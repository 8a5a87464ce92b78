import { AsyncLocalStorage } from 'node:async_hooks'
import { statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import {
  DomainError,
  engineCrashed,
  engineOverloaded,
  type ProcessorHealth,
  type RenderRequest,
  type RenderResult,
} from '@calotype/core'
import type { EngineProcess, RunOutcome } from './engine-process.ts'
import { findIsolation } from './isolation.ts'
import { createJobQueue } from './job-queue.ts'
import type { EngineLogEntry } from './log-entry.ts'
import { createSupervisor } from './supervisor.ts'

export interface PoolConfig {
  processes: number
  memoryLimitBytes: number
  /** The limit of the one job at a time that asks for more. */
  largeMemoryLimitBytes: number
  timeLimitMs: number
  cpuLimitMs: number
  maxQueued: number
  jobsPerProcess: number
  /** How long `close` waits for running jobs. */
  closeGraceMs: number
  workerProgram: URL
  log: (entry: EngineLogEntry) => void
}

export interface Pool {
  render(request: RenderRequest): Promise<RenderResult>
  health(): ProcessorHealth
  close(): Promise<void>
}

interface Job {
  id: number
  request: RenderRequest
  large: boolean
  sourceBytes: number
  arrivedAt: number
  queuedAt: number
  queueMs: number
  /** What the job belongs to where it was asked for: it may be started at the end of another one. */
  inContext(work: () => void): void
  resolve(result: RenderResult): void
  reject(error: Error): void
}

/** A set of engine processes that heals itself: a death costs the one job that was running, the others never notice. */
export const createPool = (config: PoolConfig): Pool => {
  const queue = createJobQueue<Job>()
  const running = new Map<Job, Promise<void>>()
  let nextJob = 1
  let closing = false
  const isolation = findIsolation().kind

  const giveUpWaiting = (error: () => Error): void => {
    for (const job of queue.drain()) job.reject(error())
  }
  const supervisor = createSupervisor({
    ...config,
    onIdle: () => dispatch(),
    onHopeless: () => giveUpWaiting(() => engineCrashed('no engine process can start')),
  })

  const settle = (job: Job, outcome: RunOutcome, pid: number | undefined): void => {
    if ('death' in outcome) {
      config.log({ level: 'warn', event: 'engine.job_lost', pid, reason: outcome.death.code })
      job.reject(outcome.death)
      return
    }
    const { answer, peakBytes, wallMs } = outcome
    switch (answer.type) {
      case 'done': {
        const { cpu_ms, ...result } = answer.result
        const [queue_ms, wall_ms] = [Math.round(job.queueMs), Math.round(wallMs)]
        config.log({ level: 'debug', event: 'engine.rendered', pid, wall_ms })
        job.resolve({ ...result, timings: { queue_ms, wall_ms, cpu_ms, peak_rss_bytes: peakBytes } })
        break
      }
      case 'refused': {
        const { kind, code, message, details } = answer.error
        job.reject(new DomainError(kind, code, message, details))
        break
      }
      case 'deferred':
        Object.assign(job, { large: true, queuedAt: performance.now() } satisfies Partial<Job>)
        if (closing) job.reject(engineOverloaded(config.maxQueued))
        else queue.push(job)
        break
      case 'failed':
        config.log({ level: 'error', event: 'engine.defect', pid, reason: answer.reason })
        job.reject(engineCrashed('unexpected error'))
        break
    }
  }

  const run = async (process: EngineProcess, job: Job): Promise<void> => {
    job.queueMs += performance.now() - job.queuedAt
    const outcome = await process.run({
      job: job.id,
      request: job.request,
      // Encodes overlap only while other cores would idle.
      lanes: supervisor.count().idle > 0 && queue.size === 0 ? 2 : 1,
      memoryLimitBytes: job.large ? config.largeMemoryLimitBytes : config.memoryLimitBytes,
      memoryCeilingBytes: config.largeMemoryLimitBytes,
      timeLimitMs: config.timeLimitMs,
      cpuLimitMs: config.cpuLimitMs,
    })
    running.delete(job)
    supervisor.giveBack(process)
    job.inContext(() => settle(job, outcome, process.pid))
    dispatch()
  }

  const dispatch = (): void => {
    while (!closing && supervisor.count().idle > 0) {
      const largeRuns = [...running.keys()].some(({ large }) => large)
      const job = queue.take(largeRuns)
      if (job === undefined) return
      const process = supervisor.borrow()
      if (process === undefined) {
        queue.push(job)
        return
      }
      running.set(job, run(process, job))
    }
  }

  return {
    render: request =>
      new Promise((resolve, reject) => {
        if (supervisor.isHopeless()) throw engineCrashed('no engine process can start')
        if (closing || queue.size >= config.maxQueued) throw engineOverloaded(config.maxQueued)
        const now = performance.now()
        const { size = 0 } = statSync(request.source, { throwIfNoEntry: false }) ?? {}
        const times = { arrivedAt: now, queuedAt: now, queueMs: 0, inContext: AsyncLocalStorage.snapshot() }
        queue.push({ id: nextJob++, request, large: false, sourceBytes: size, ...times, resolve, reject })
        dispatch()
      }),
    health() {
      const { alive } = supervisor.count()
      return { ok: !closing && alive > 0, processes: alive, busy: running.size, queued: queue.size, isolation }
    },
    async close() {
      closing = true
      giveUpWaiting(() => engineOverloaded(config.maxQueued))
      const grace = new AbortController()
      await Promise.race([
        Promise.all(running.values()),
        pause(config.closeGraceMs, undefined, { signal: grace.signal }).catch(() => undefined),
      ])
      grace.abort()
      await supervisor.stop()
    },
  }
}
