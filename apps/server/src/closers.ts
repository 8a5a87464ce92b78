export type Closers = ReturnType<typeof createClosers>

/** Steps that undo a start, run once and in reverse order; one that fails does not keep the others from running. */
export function createClosers() {
  const steps: Array<() => Promise<void>> = []
  let closing: Promise<void> | null = null
  const run = async () => {
    const failures: unknown[] = []
    for (const step of steps.reverse()) {
      await step().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped')
  }
  return {
    add: (step: () => Promise<void>): void => void steps.push(step),
    closing: (): boolean => closing !== null,
    close: (): Promise<void> => {
      closing ??= run()
      return closing
    },
  }
}
