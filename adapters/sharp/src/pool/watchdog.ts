import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'

const SAMPLE_EVERY_MS = 50
const SAMPLE_EVERY_MS_ELSEWHERE = 500
// x86-64 and most of arm64; where pages are larger, VmRSS of /proc/PID/status would say the same at ten times the cost.
const PAGE_BYTES = 4096

/** Resident memory of a process in bytes; null when it cannot be told (it has just ended). */
const residentOnLinux = (pid: number): number | null => {
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')
    return resident === undefined ? null : Number(resident) * PAGE_BYTES
  } catch {
    return null
  }
}

const sampleElsewhere = (pid: number, take: (bytes: number) => void): void => {
  execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
    const kilobytes = Number.parseInt(stdout, 10)
    if (!error && Number.isFinite(kilobytes)) take(kilobytes * 1024)
  })
}

export interface Watch {
  /** Ends the watch. @returns the most memory that was seen, in bytes */
  stop(): number
}

/**
 * Watches the resident memory of a process: limits of the V8 heap do not bound libvips. Calls back once when the limit is
 * passed.
 * @param limitBytes resident bytes that are still allowed
 */
export const watchMemory = (pid: number, limitBytes: number, exceeded: (bytes: number) => void): Watch => {
  let peak = 0
  let alarmed = false
  const take = (bytes: number): void => {
    peak = Math.max(peak, bytes)
    if (bytes <= limitBytes || alarmed) return
    alarmed = true
    exceeded(bytes)
  }
  const onLinux = process.platform === 'linux'
  const sample = (): void => {
    const bytes = onLinux ? residentOnLinux(pid) : null
    if (bytes !== null) take(bytes)
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
