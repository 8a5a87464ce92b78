import { expect, it } from 'vitest'
import { fakeDeployment } from '../testing/fake-deployment.ts'
import { type Check, ok } from './check.ts'
import { resultLines, summaryLine } from './report.ts'
import { type Result, runChecks } from './run-checks.ts'

const check = (name: string, run: Check['run'], needs: string[] = []): Check => ({
  name,
  needs,
  run,
  advice: 'Mend it.',
})
const hidden = new Error('connect to postgres://calotype:very-secret@db/x failed', { cause: new Error('ECONNREFUSED') })

async function run(checks: readonly Check[], limitMs?: number): Promise<readonly Result[]> {
  const quiet = { begin: () => {}, tell: () => {} }
  return runChecks(checks, fakeDeployment().parts, { ...quiet, ...(limitMs === undefined ? {} : { limitMs }) })
}

it('goes on after a check that throws, tells why without secrets, and skips what needs it', async () => {
  const results = await run([
    check('first', async () => {
      throw hidden
    }),
    check('second', async () => ok('fine'), ['first']),
    check('third', async () => ok('fine')),
  ])
  expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'ok'])
  expect(results[0]).toMatchObject({ found: expect.stringMatching(/@db.*ECONNREFUSED/), advice: 'Mend it.' })
  expect(results[0]?.found).not.toContain('very-secret')
  expect(results[1]?.found).toBe('needs first')
})

it('does not wait for a check that hangs', async () => {
  const results = await run([check('hangs', () => new Promise(() => {})), check('next', async () => ok('fine'))], 20)
  expect(results.map(({ outcome, found }) => [outcome, found])).toEqual([
    ['failed', 'no answer within 0.02 s'],
    ['ok', 'fine'],
  ])
})

it('shows ticks and what to do, with colours only for a person, and nothing that moves the cursor', () => {
  const result: Result = {
    name: 'CORS',
    outcome: 'failed',
    found: 'a\u001b[2Jb',
    advice: 'Mend it.',
    durationMs: 1_234,
  }
  const [line = '', advice = ''] = resultLines(result, false)
  expect(line).toMatch(/^✗ CORS {17}a \[2Jb \(1\.2 s\)$/)
  expect(advice).toMatch(/^ +→ Mend it\.$/)
  expect(resultLines(result, true)[0]).toContain('\u001b[31m✗')
  expect(resultLines({ ...result, outcome: 'skipped', advice: '' }, false)).toEqual([expect.stringMatching(/^– CORS/)])
  expect(summaryLine([result], false)).toBe('1 broken: 0 proven, 0 skipped.')
  expect(summaryLine([], true)).toMatch(/^Stopped/)
})
