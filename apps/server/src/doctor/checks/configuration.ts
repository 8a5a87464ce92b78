import type { ConfigError } from '../../config.ts'
import { type Check, ok } from '../check.ts'
import type { Result } from '../run-checks.ts'

export const configuration: Check = {
  name: 'configuration',
  advice: 'Correct the variable; docs/configuration.md has them all.',
  run: async ({ shape }) => ok(shape),
}

/** What is told instead of everything else where the configuration makes no sense: one line for each problem. */
export const configurationFailures = ({ problems }: ConfigError): Result[] =>
  problems.map(found => ({
    ...{ name: configuration.name, outcome: 'failed', found, advice: configuration.advice, durationMs: 0 },
  }))
