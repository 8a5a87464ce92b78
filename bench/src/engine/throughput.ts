import { availableParallelism } from 'node:os'
import { median } from '../statistics.ts'
import { printTable, ratio } from '../table.ts'
import { acceptedPhotos, render, withEngine } from './engine.ts'
import { listPhotos, type Photo } from './photos.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)

/** Images per minute of an engine of so many processes, all of them asked for at once. */
async function imagesPerMinute(processes: number, photos: readonly Photo[]): Promise<number> {
  return withEngine(processes, async engine => {
    await Promise.all(photos.slice(0, processes).map(photo => render(engine, photo)))
    const started = performance.now()
    await Promise.all(photos.map(photo => render(engine, photo)))
    return (photos.length / (performance.now() - started)) * 60_000
  })
}

/** All cores busy against one process, in turns. */
export async function throughput(): Promise<void> {
  const cores = availableParallelism()
  const photos = await withEngine(cores, async engine => acceptedPhotos(engine, await listPhotos(['bench', 'photos'])))
  const rounds: { one: number; all: number }[] = []
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ one: await imagesPerMinute(1, photos), all: await imagesPerMinute(cores, photos) })
  const one = median(rounds.map(round => round.one))
  const all = median(rounds.map(round => round.all))
  printTable(
    `Throughput over ${photos.length} photos, images per minute (medians of ${ROUNDS} rounds in turns)`,
    ['', 'images/min', 'of cores × one'],
    [
      ['one process', one.toFixed(1), '1.00'],
      [`${cores} processes`, all.toFixed(1), ratio(all / one / cores)],
    ],
  )
}
