import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { CRASH_ENV, type Round, runRound } from './crash/round.ts'
import { makeDataDirectory, removeDataDirectory, startServer } from './server.ts'

const HEAD = ['round', 'seed', 'killed after', 'promised', 'cut off', 'ready', 'failed', 'recovered', 'losses']
const WIDTHS = [5, 10, 12, 8, 7, 5, 6, 9, 6]
const line = (cells: readonly unknown[]): string =>
  cells.map((cell, at) => String(cell).padStart(WIDTHS[at] ?? 0)).join('  ')

const cellsOf = (number: number, round: Round): unknown[] => [
  number,
  round.seed,
  `${round.killedAfterMs} ms`,
  round.promised,
  round.cutOff,
  round.ready,
  round.failed,
  `${(round.recoveredMs / 1_000).toFixed(1)} s`,
  round.losses.length,
]

/** `node e2e/src/crash-loop.ts --rounds 10 --uploads 200 [--seed 1] [--keep]`: exits with 1 when a round lost anything. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      uploads: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 100_000)) },
      keep: { type: 'boolean', default: false },
    },
  })
  const [rounds, uploads, seed] = [values.rounds, values.uploads, values.seed].map(Number)
  if (!rounds || !uploads || seed === undefined || !Number.isInteger(seed))
    throw new Error('Bad --rounds, --uploads or --seed')
  const dataDirectory = await makeDataDirectory()
  const started = performance.now()
  let server = await startServer({ dataDirectory, env: CRASH_ENV })
  let losses = 0
  console.log(`${uploads} uploads in flight, then kill -9; seed ${seed}\n${line(HEAD)}`)
  for (let number = 1; number <= rounds; number++) {
    const round = await runRound({ server, seed: seed + number - 1, uploads })
    console.log(line(cellsOf(number, round)))
    for (const loss of round.losses) console.log(`       ${loss}`)
    losses += round.losses.length
    server = round.server
  }
  await server.stop()
  console.log(`${losses} losses in ${rounds} rounds, ${Math.round((performance.now() - started) / 1_000)} s`)
  if (losses > 0 || values.keep) console.log(`Data directory and log: ${dataDirectory}, ${dataDirectory}.log`)
  else {
    await removeDataDirectory(dataDirectory)
    await rm(`${dataDirectory}.log`, { force: true })
  }
  return losses > 0 ? 1 : 0
}

process.exitCode = await main()
