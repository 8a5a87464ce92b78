import { spawnSync } from 'node:child_process'
import { findBrokenRules } from './house-rules.ts'
import { findImportBlindness } from './import-rules.ts'

// `npm run check`: exactly what CI checks besides the tests. `--quick` leaves the long runs out, for the time between two commits.

interface Step {
  name: string
  run(): boolean
}

const command = (name: string, ...words: string[]): Step => ({
  name,
  run: () => spawnSync(words[0] ?? '', words.slice(1), { stdio: 'inherit' }).status === 0,
})

const findings = (name: string, find: () => readonly string[]): Step => ({
  name,
  run: () => {
    const found = find()
    for (const line of found) console.error(`  ${line}`)
    return found.length === 0
  },
})

const QUICK: readonly Step[] = [
  command('format and lint', 'biome', 'ci', '.'),
  command('types', 'tsc', '-p', 'tsconfig.json'),
  command('types of the console', 'tsc', '-p', 'apps/console/tsconfig.json'),
  command('types of the infrastructure', 'tsc', '-p', 'infra/aws/tsconfig.json'),
  command('import rules', 'depcruise', 'core', 'contract', 'adapters', 'apps', 'sdk', 'cli', 'infra', 'e2e'),
  findings('import rules see what they judge', findImportBlindness),
  findings('rules of the house', findBrokenRules),
  command('generated documents', 'node', 'tools/generate-docs.ts', '--check'),
]

/** Many more rounds of a test than a test run has time for. */
const longer = (file: string, variable: 'MODEL_RUNS' | 'SLOT_ROUNDS', runs: number): Step => ({
  name: `${runs.toLocaleString('en')} rounds of ${file}`,
  run: () =>
    spawnSync('vitest', ['run', file], { stdio: 'inherit', env: { ...process.env, [variable]: String(runs) } })
      .status === 0,
})

const LONG: readonly Step[] = [
  command('templates of AWS by the schemas of its resources', 'node', 'infra/aws/src/check-templates.ts'),
  command('every branch of what decides', 'vitest', 'run', '--config', 'vitest.coverage.config.ts'),
  longer('core/src/testing/life.test.ts', 'MODEL_RUNS', 10_000),
  longer('adapters/postgres/src/model.test.ts', 'MODEL_RUNS', 300),
  longer('adapters/postgres/src/slot-race.test.ts', 'SLOT_ROUNDS', 500),
  command('uploads survive kill -9', 'node', 'e2e/src/crash-loop.ts', '--rounds', '10', '--uploads', '200'),
]

const steps = process.argv.includes('--quick') ? QUICK : [...QUICK, ...LONG]
const failed: string[] = []
for (const step of steps) {
  const started = performance.now()
  const passed = step.run()
  if (!passed) failed.push(step.name)
  console.log(`${passed ? '✓' : '✗'} ${step.name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`)
  process.exitCode = 1
}
