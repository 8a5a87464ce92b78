import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { createSharpImageProcessor } from '@calotype/sharp'
import { drawSeeds, mutate } from '@calotype/sharp/mutations'
import { printTable } from '../table.ts'
import { outcomeOf } from './outcome.ts'

const FILES = Number(process.env.FILES ?? 20_000)
/** Beyond those of `npm test`. */
const FIRST_SEED = 1_000
const VARIANT = { name: 'full', width: 64, height: 64, fit: 'inside', formats: ['jpeg'], maxBytes: null } as const

/** Damaged files without end: every one has to end ready, or refused with a code. */
async function fuzz(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-fuzz-'))
  const seeds = await drawSeeds()
  const counts = new Map<string, number>()
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
  const lanes = availableParallelism()
  const engine = createSharpImageProcessor({
    processes: lanes,
    log: ({ event, reason }) => /lost|defect/.test(event) && console.log(`${event}: ${reason}`),
  })
  const run = async (lane: number): Promise<void> => {
    const source = path.join(folder, String(lane))
    for (let index = lane; index < FILES; index += lanes) {
      await writeFile(source, mutate(seeds, FIRST_SEED + index))
      const { code, isVerdict, leaks } = await outcomeOf(engine, source, [VARIANT])
      count(code)
      if (!isVerdict || leaks.length > 0) console.log(`seed ${FIRST_SEED + index}: ${code} ${leaks.join(', ')}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)))
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
  printTable(
    `${FILES} damaged files`,
    ['ended', 'files'],
    [...counts].map(([code, files]) => [code, String(files)]),
  )
  if (counts.has('no code')) process.exitCode = 1
}

await fuzz()
