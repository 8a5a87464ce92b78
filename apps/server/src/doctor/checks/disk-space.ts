import { type Check, failed, ok, skipped } from '../check.ts'

const GIBIBYTE = 1024 ** 3
/** Room for a day of a small installation, and for what PostgreSQL needs to go on. */
export const LEAST_FREE_BYTES = GIBIBYTE

export const diskSpace: Check = {
  name: 'disk space',
  advice: 'Make room or give DATA_DIR another disk; the runbook is "The disk is full".',
  run: async ({ disk }) => {
    if ('missing' in disk) return skipped(disk.missing)
    const free = await disk.part.freeBytes()
    const words = `${(free / GIBIBYTE).toFixed(1)} GiB free in ${disk.part.directory}`
    return free < LEAST_FREE_BYTES ? failed(`${words}, at least ${LEAST_FREE_BYTES / GIBIBYTE} GiB`) : ok(words)
  },
}
