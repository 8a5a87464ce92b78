import type { Check } from './check.ts'
import { cleanUp } from './checks/clean-up.ts'
import { CHECKS } from './checks/index.ts'
import type { DoctorParts } from './doctor-parts.ts'
import { countOf, resultLines, summaryLine, toJson } from './report.ts'
import { type Result, runChecks } from './run-checks.ts'

/** Exit codes; scripts decide on them. */
export const EXIT = { well: 0, broken: 1, usage: 2, stopped: 130 } as const

export interface Screen {
  write(text: string): void
  /** Whether a person watches: colours, and the name of the check that runs. */
  interactive: boolean
  json: boolean
}

const CLEAR_LINE = '\r\u001b[2K'
const NEVER = new AbortController().signal

/** Runs every check, shows what came of each, removes what they wrote, and resolves with the exit code. */
export async function examine(parts: DoctorParts, screen: Screen, checks: readonly Check[] = CHECKS): Promise<number> {
  const tell = createTeller(screen)
  const results = await runChecks(checks, parts, tell)
  const afterwards = { ...parts, signal: NEVER }
  const cleaned = await runChecks([cleanUp], afterwards, { ...tell, before: results })
  return conclude([...results, ...cleaned], screen, parts.signal.aborted)
}

/** Shows results that are there already. */
export function present(results: readonly Result[], screen: Screen): number {
  const { tell } = createTeller(screen)
  for (const result of results) tell(result)
  return conclude(results, screen, false)
}

function createTeller({ write, interactive, json }: Screen) {
  return {
    begin: (name: string): void => {
      if (interactive && !json) write(`… ${name}`)
    },
    tell: (result: Result): void => {
      if (json) return
      write(`${interactive ? CLEAR_LINE : ''}${resultLines(result, interactive).join('\n')}\n`)
    },
  }
}

function conclude(results: readonly Result[], { write, json }: Screen, stopped: boolean): number {
  write(json ? `${toJson(results, stopped)}\n` : `\n${summaryLine(results, stopped)}\n`)
  if (stopped) return EXIT.stopped
  return countOf(results, 'failed') > 0 ? EXIT.broken : EXIT.well
}
