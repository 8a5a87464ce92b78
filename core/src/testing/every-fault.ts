import type { Fault } from './faults.ts'
import type { World } from './world.ts'

const WAYS: readonly Omit<Fault, 'call'>[] = [
  { when: 'before', kill: false },
  { when: 'after', kill: false },
  { when: 'before', kill: true },
  { when: 'after', kill: true },
]
/** A verb that makes more calls than this has no end. */
const MAX_CALLS = 200

/**
 * Runs `act` once for each call that it makes to the outside and each way that call can go wrong, each time in a new world, and gives
 * what is left to `check` with nothing going wrong any more. Resolves with how many faults there were.
 */
export async function everyFault<Scene extends { world: Pick<World, 'faults'> }, Result>(how: {
  scene: () => Promise<Scene>
  act: (scene: Scene) => Promise<Result>
  check: (scene: Scene, fault: Fault, settled: PromiseSettledResult<Result>) => Promise<void>
}): Promise<number> {
  let faults = 0
  for (const way of WAYS) {
    for (let call = 1; call <= MAX_CALLS; call++) {
      const scene = await how.scene()
      const { faults: planned } = scene.world
      planned.revive()
      planned.plan({ ...way, call })
      const [settled] = await Promise.allSettled([how.act(scene)])
      if (!planned.struck) break
      faults++
      const name = `${way.kill ? 'kill' : 'failure'} ${way.when} call ${call}, ${planned.calls.at(-1)}`
      planned.revive()
      try {
        await how.check(scene, { ...way, call }, settled)
      } catch (error) {
        throw new Error(`After a ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    }
  }
  return faults
}
