import { expect, it } from 'vitest'
import type { Fault } from './faults.ts'
import { everyFaultOf, SCENES, type Scene } from './model/fault-loop.ts'

it.each(Object.entries<Scene>(SCENES))(
  '%s: whichever call fails or is the last before a kill, a restart and one sweep put all in order',
  async (_name, scene) => {
    const faults: Fault[] = await everyFaultOf(scene)
    expect(faults.length).toBeGreaterThanOrEqual(scene.calls * 4)
  },
  120_000,
)
