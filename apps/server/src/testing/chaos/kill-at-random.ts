import { setTimeout as sleep } from 'node:timers/promises'
import type { Program, Programs, Role } from '../programs.ts'

const SHORTEST_MS = 1_500
const LONGEST_MS = 4_500

export interface Crew {
  /**
   * Kills one of those that run every few seconds and starts it again: for `milliseconds` at least, and until there were so many kills,
   * which takes longer where starts do. Resolves with how many there were, when all run again.
   */
  harass(random: () => number, atLeast: { milliseconds: number; kills: number }): Promise<number>
  /** SIGTERM to those of one role; resolves with their exit codes. */
  stop(role: Role): Promise<(number | null)[]>
}

/** Programs by their names and roles, all started. */
export async function startCrew(
  programs: Pick<Programs, 'start'>,
  roles: Readonly<Record<string, Role>>,
): Promise<Crew> {
  const running = new Map<string, Program>()
  const start = async (name: string) => void running.set(name, await programs.start(name, roles[name] ?? 'worker'))
  await Promise.all(Object.keys(roles).map(start))
  return {
    harass: async (random, atLeast) => {
      const until = performance.now() + atLeast.milliseconds
      const starting: Promise<void>[] = []
      let kills = 0
      while (performance.now() < until || kills < atLeast.kills) {
        await sleep(SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS))
        const names = [...running.keys()].sort()
        const name = names[Math.floor(random() * names.length)]
        const program = name === undefined ? undefined : running.get(name)
        // All of them may be starting at this moment.
        if (name === undefined || !program) continue
        running.delete(name)
        kills++
        await program.signal('SIGKILL')
        starting.push(start(name))
      }
      await Promise.all(starting)
      return kills
    },
    stop: async role => {
      const names = [...running.keys()].filter(name => roles[name] === role)
      return Promise.all(names.map(async name => (await running.get(name)?.signal('SIGTERM')) ?? null))
    },
  }
}
