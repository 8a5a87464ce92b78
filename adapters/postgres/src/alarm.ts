/** Something to wait for that may ring before anybody waits. */
export interface Alarm {
  ring(): void
  /** Resolves when it rings, or rang since the last wait, or after this time. */
  wait(ms: number): Promise<void>
}

export function createAlarm(): Alarm {
  let rang = false
  let wake = () => {}
  return {
    ring: () => {
      rang = true
      wake()
    },
    wait: async ms => {
      if (!rang) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rang = false
    },
  }
}
