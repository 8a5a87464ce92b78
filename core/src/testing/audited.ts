import type { World } from './world.ts'

/** What the audit log holds, in the order of writing, as `who action subject`. */
export const audited = (world: World): string[] =>
  [...world.memory.inspect().audit.values()].map(({ actor, action, subject }) => `${actor.id} ${action} ${subject}`)
