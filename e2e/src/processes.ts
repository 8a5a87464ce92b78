import { readFile } from 'node:fs/promises'

/** Processes that a process has started, by the kernel's own list (Linux); none elsewhere. */
export async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const direct = list.split(' ').filter(Boolean).map(Number)
  const below = await Promise.all(direct.map(childrenOf))
  return [...direct, ...below.flat()]
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
