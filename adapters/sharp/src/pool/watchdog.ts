import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

const SAMPLE_EVERY_MS = 50
const SAMPLE_EVERY_MS_ELSEWHERE = 500
// x86-64 and most of arm64; where pages are larger, VmRSS of /proc/PID/status would say the same at ten times the cost.
const PAGE_BYTES = 4096
// The kernel counts CPU time for programs in hundredths of a second on every architecture (USER_HZ).
const TICK_MS = 10

interface Sample {
  residentBytes: number
  /** User and system time since the process began; null where it is not known. */
  cpuMs: number | null
}

/** proc(5): fields 14 and 15 of `stat`, counted from the end of the name in brackets, which may hold anything. */
const cpuTimeOf = (stat: string): number => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Null when nothing can be told: the process has just ended. */
const sampleOnLinux = (pid: number): Sample | null => {
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')
    const cpuMs = cpuTimeOf(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return { residentBytes: Number(resident) * PAGE_BYTES, cpuMs }
  } catch {
    return null
  }
}

const sampleElsewhere = (pid: number, take: (sample: Sample) => void): void => {
  execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
    const kilobytes = Number.parseInt(stdout, 10)
    if (!error && Number.isFinite(kilobytes)) take({ residentBytes: kilobytes * 1024, cpuMs: null })
  })
}

export interface Watch {
  /** Ends the watch. @returns the most resident memory that was seen, in bytes */
  stop(): number
}

export interface WatchLimits {
  memoryBytes: number
  /** CPU time from now on, of all threads together. Only Linux tells it; elsewhere the wall clock has to do. */
  cpuMs: number
}

/**
 * Watches what a process takes: limits of the V8 heap do not bound libvips, and those of the kernel count CPU time over
 * the whole life of a process. Calls back once, when a limit is passed.
 */
export const watchProcess = (
  pid: number,
  limits: WatchLimits,
  exceeded: (what: 'memory' | 'cpu', amount: number) => void,
): Watch => {
  let peak = 0
  let alarmed = false
  let cpuBefore: number | null = null
  const take = ({ residentBytes, cpuMs }: Sample): void => {
    peak = Math.max(peak, residentBytes)
    cpuBefore ??= cpuMs
    if (alarmed) return
    const cpuSpent = cpuMs === null ? 0 : cpuMs - (cpuBefore ?? cpuMs)
    alarmed = residentBytes > limits.memoryBytes || cpuSpent > limits.cpuMs
    if (residentBytes > limits.memoryBytes) exceeded('memory', residentBytes)
    else if (alarmed) exceeded('cpu', cpuSpent)
  }
  const onLinux = process.platform === 'linux'
  const sample = (): void => {
    const found = onLinux ? sampleOnLinux(pid) : null
    if (found !== null) take(found)
    if (!onLinux) sampleElsewhere(pid, take)
  }
  const timer = setInterval(sample, onLinux ? SAMPLE_EVERY_MS : SAMPLE_EVERY_MS_ELSEWHERE)
  sample()
  return {
    stop() {
      clearInterval(timer)
      sample()
      return peak
    },
  }
}
