import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** Processes that a process has started, and theirs, by the kernel's own list (Linux); none elsewhere. */
export async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const direct = list.split(' ').filter(Boolean).map(Number)
  const below = await Promise.all(direct.map(childrenOf))
  return [...direct, ...below.flat()]
}

/** A process that has ended but whom nobody has asked for its exit code does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return true
  }
}
