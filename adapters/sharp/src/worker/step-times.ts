import type { RenderStep } from '@calotype/core'

const now = (): number => performance.timeOrigin + performance.now()

/** Runs steps and keeps when each began and ended, by the clock of the machine. A step that throws ends the image: nobody asks for its time. */
export const createStepTimes = () => {
  const steps: RenderStep[] = []
  return {
    steps,
    timed: async <Before, After>(
      step: RenderStep['step'],
      work: (context: Before) => Promise<After>,
      context: Before,
    ): Promise<After> => {
      const startMs = now()
      const after = await work(context)
      steps.push({ step, startMs, endMs: now() })
      return after
    },
  }
}
