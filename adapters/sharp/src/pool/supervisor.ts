import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import type { EngineLogEntry } from './log-entry.ts'

export interface SupervisorConfig {
  processes: number
  jobsPerProcess: number
  workerProgram: URL
  log: (entry: EngineLogEntry) => void
  /** A process became free. */
  onIdle: () => void
  /** None of the processes can be started; waiting is in vain. */
  onHopeless: () => void
}

/** Keeps a number of engine processes alive, and lends them out one job at a time. */
export interface Supervisor {
  /** A free process, now busy; undefined when there is none. */
  borrow(): EngineProcess | undefined
  /** After a job: the process is free again, or replaced when it has done its jobs. One that died is replaced anyway. */
  giveBack(process: EngineProcess): void
  count(): { alive: number; idle: number }
  isHopeless(): boolean
  /** Kills every process and waits for them to be gone. */
  stop(): Promise<void>
}

/** A place for a process: when one dies, the next takes its slot. */
interface Slot {
  process: EngineProcess
  state: 'starting' | 'idle' | 'busy' | 'gone'
  jobsDone: number
  failedStarts: number
}

/** A process that cannot start is tried again after a while, twice as long each time. */
const RESTART_MS = 100
const LONGEST_RESTART_MS = 5_000
const HOPELESS_STARTS = 4

export const createSupervisor = (config: SupervisorConfig): Supervisor => {
  const { log } = config
  const slots: Slot[] = []
  let stopping = false

  const isHopeless = (): boolean => slots.every(({ failedStarts }) => failedStarts >= HOPELESS_STARTS)

  const replaceLost = (slot: Slot, reason: string): void => {
    const failedToStart = slot.state === 'starting'
    slot.state = 'gone'
    if (stopping) return
    log({ level: 'warn', event: 'engine.gone', pid: slot.process.pid, reason })
    slot.failedStarts = failedToStart ? slot.failedStarts + 1 : 0
    if (isHopeless()) config.onHopeless()
    const delay = failedToStart ? Math.min(LONGEST_RESTART_MS, RESTART_MS * 2 ** slot.failedStarts) : 0
    setTimeout(() => stopping || occupy(slot), delay).unref()
  }

  const startFor = (slot: () => Slot): EngineProcess => {
    const started: EngineProcess = startEngineProcess(config.workerProgram, {
      ready() {
        if (slot().process !== started) return
        Object.assign(slot(), { state: 'idle', failedStarts: 0 } satisfies Partial<Slot>)
        log({ level: 'info', event: 'engine.started', pid: started.pid })
        config.onIdle()
      },
      gone(reason, complaint) {
        // A retired process has left its slot already.
        if (slot().process === started) replaceLost(slot(), `${reason} ${complaint}`.trim())
      },
    })
    return started
  }

  const occupy = (slot: Slot): void => {
    Object.assign(slot, { process: startFor(() => slot), state: 'starting', jobsDone: 0 } satisfies Partial<Slot>)
  }

  for (let index = 0; index < config.processes; index++) {
    const slot: Slot = { process: startFor(() => slot), state: 'starting', jobsDone: 0, failedStarts: 0 }
    slots.push(slot)
  }

  return {
    isHopeless,
    borrow() {
      const slot = slots.find(({ state }) => state === 'idle')
      if (slot !== undefined) slot.state = 'busy'
      return slot?.process
    },
    giveBack(process) {
      const slot = slots.find(one => one.process === process)
      if (slot?.state !== 'busy') return
      slot.state = 'idle'
      slot.jobsDone++
      if (slot.jobsDone < config.jobsPerProcess || stopping) return
      // Many jobs in one process let its memory grow: it makes room for a fresh one.
      log({ level: 'info', event: 'engine.retired', pid: process.pid })
      occupy(slot)
      process.retire()
    },
    count: () => ({
      alive: slots.filter(({ state }) => state === 'idle' || state === 'busy').length,
      idle: slots.filter(({ state }) => state === 'idle').length,
    }),
    async stop() {
      stopping = true
      for (const { process } of slots) process.kill()
      await Promise.all(slots.map(({ process }) => process.ended))
    },
  }
}
