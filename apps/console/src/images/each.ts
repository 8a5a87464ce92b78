const PARALLEL = 4

/** Does something for each of many, a few at a time. What fails is told at the end; the others are done all the same. */
export async function each<T>(
  all: readonly T[],
  act: (one: T) => Promise<void>,
): Promise<{ done: number; failures: unknown[] }> {
  const waiting = [...all]
  const failures: unknown[] = []
  let done = 0
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      try {
        await act(one)
        done++
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, all.length) }, work))
  return { done, failures }
}
