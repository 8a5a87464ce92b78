import type { ChildProcess } from 'node:child_process'
import { type DomainError, engineCrashed, engineOutOfMemory, engineTimedOut, type RenderRequest } from '@calotype/core'
import { launch } from './launch.ts'
import { type HeardFromWorker, parseFromWorker } from './messages.ts'
import { type Watch, watchProcess } from './watchdog.ts'

const LONGEST_COMPLAINT = 2_000

/** One run of a job on a process. */
export interface Run {
  job: number
  request: RenderRequest
  lanes: number
  memoryLimitBytes: number
  memoryCeilingBytes: number
  timeLimitMs: number
  cpuLimitMs: number
}

/** How a run ended: with an answer of the process, or with its death. */
export type RunOutcome =
  | { answer: Exclude<HeardFromWorker, { type: 'ready' }>; peakBytes: number; wallMs: number }
  | { death: DomainError; peakBytes: number; wallMs: number }

export interface EngineProcessEvents {
  ready(): void
  /** The process is gone; after an answer or a death of its run. `complaint`: the end of what it wrote to stderr. */
  gone(reason: string, complaint: string): void
}

/** One engine process as its parent sees it: takes one run at a time and is killed when it passes a limit. */
export interface EngineProcess {
  readonly pid: number | undefined
  run(run: Run): Promise<RunOutcome>
  /** Ends an idle process by closing its channel. */
  retire(): void
  kill(): void
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
}

const killGroup = (child: ChildProcess): void => {
  // The id of an ended process may belong to another by now.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

interface Current {
  job: number
  settle(result: Pick<Extract<RunOutcome, { answer: unknown }>, 'answer'> | { death: DomainError }): void
}

/** Starts a process from the worker program; `events.ready` tells when it takes work. */
export const startEngineProcess = (program: URL, events: EngineProcessEvents): EngineProcess => {
  const child = launch(program)
  let current: Current | null = null
  let verdict: DomainError | null = null
  let complaint = ''
  let isGone = false
  const end = Promise.withResolvers<void>()

  const condemn = (error: DomainError): void => {
    verdict ??= error
    killGroup(child)
  }
  const onGone = (reason: string): void => {
    if (isGone) return
    isGone = true
    current?.settle({ death: verdict ?? engineCrashed(reason) })
    end.resolve()
    events.gone(reason, complaint)
  }

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-LONGEST_COMPLAINT)
  })
  child.on('message', raw => {
    // Whoever is about to be killed has no say any more, or it would be given another job.
    if (verdict !== null) return
    const message = parseFromWorker(raw)
    if (message === null) condemn(engineCrashed('it spoke another protocol'))
    else if (message.type === 'ready') events.ready()
    else if (message.job === current?.job) current.settle({ answer: message })
  })
  child.on('error', error => onGone(error.message))
  child.on('exit', (code, signal) => onGone(signal ?? `exit code ${code}`))
  // A process that closes its channel but lives on can never be given work again.
  child.on('disconnect', () => killGroup(child))

  const run = ({ timeLimitMs, cpuLimitMs, ...message }: Run): Promise<RunOutcome> =>
    new Promise(resolve => {
      const started = performance.now()
      const { memoryLimitBytes } = message
      const limits = { memoryBytes: memoryLimitBytes, cpuMs: cpuLimitMs }
      const watch: Watch = watchProcess(child.pid ?? 0, limits, (what, amount) =>
        condemn(what === 'memory' ? engineOutOfMemory(memoryLimitBytes, amount) : engineTimedOut(cpuLimitMs, 'cpu')),
      )
      const clock = setTimeout(() => condemn(engineTimedOut(timeLimitMs)), timeLimitMs)
      current = {
        job: message.job,
        settle(result) {
          current = null
          clearTimeout(clock)
          resolve({ ...result, peakBytes: watch.stop(), wallMs: performance.now() - started })
        },
      }
      if (isGone) current.settle({ death: engineCrashed('it had ended') })
      else
        child.send({ type: 'render', ...message }, error => {
          if (error) condemn(engineCrashed('it does not listen'))
        })
    })

  return {
    get pid() {
      return child.pid
    },
    run,
    retire() {
      if (child.connected) child.disconnect()
    },
    kill: () => killGroup(child),
    ended: end.promise,
  }
}
