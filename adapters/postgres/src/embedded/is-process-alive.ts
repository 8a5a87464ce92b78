import { hasCode } from './errors.ts'

/** Whether some process has this pid, ours or not. */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}
