/**
 * Runs tasks in order, at most so many at once. The first failure is thrown after the running tasks have ended, so that
 * nothing goes on behind the caller's back.
 * @returns the results in the order of the tasks
 */
export const inLanes = async <T>(tasks: readonly (() => Promise<T>)[], lanes: number): Promise<T[]> => {
  const results: T[] = []
  const queue = [...tasks.entries()]
  let failed = false
  const runLane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !failed; next = queue.shift()) {
      const [index, task] = next
      try {
        results[index] = await task()
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.max(1, lanes) }, runLane))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return results
}
