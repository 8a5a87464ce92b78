import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc; Linux has told user programs 100 on every machine since 2.6. */
const TICKS = 100

export interface ProcessFacts {
  pid: number
  parent: number
  /** The command line, shortened to what tells processes apart. */
  command: string
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return null
  }
}

/** Fields of /proc/PID/stat after the name, which may contain anything. */
const statOf = (pid: number): readonly string[] =>
  readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ') ?? []

/** A process and everything it started, directly or not. */
export function processTree(root: number): readonly ProcessFacts[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .map(pid => ({ pid, parent: Number(statOf(pid)[1] ?? 0), command: commandOf(pid) }))
  const tree = all.filter(({ pid }) => pid === root)
  for (const member of tree) tree.push(...all.filter(({ parent }) => parent === member.pid))
  return tree
}

const commandOf = (pid: number): string => readProc(pid, 'cmdline')?.split('\0').join(' ').trim() ?? ''

/** The most memory that a process ever held; 0 when it is gone. */
export function peakBytes(pid: number): number {
  const match = /^VmHWM:\s+(\d+) kB/m.exec(readProc(pid, 'status') ?? '')
  return Number(match?.[1] ?? 0) * 1024
}

/** Processor time of processes, user and system, in seconds. */
export const cpuSeconds = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0)) / TICKS, 0)
