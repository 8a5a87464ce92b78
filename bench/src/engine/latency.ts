import { quantile } from '../statistics.ts'
import { printTable, whole } from '../table.ts'
import { acceptedPhotos, render, withEngine } from './engine.ts'
import { listPhotos } from './photos.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 20)
const MEGAPIXELS = 12
const SMALL_BYTES = 10_000_000

/** Wall time from a file to its six variants, one at a time on an otherwise idle engine of two processes. */
export async function latency(): Promise<void> {
  await withEngine(2, async engine => {
    const photos = await acceptedPhotos(engine, await listPhotos(['bench', 'photos']))
    const small = photos.filter(({ bytes }) => bytes < SMALL_BYTES)
    const measured = await Promise.all(
      small.map(async photo => ({ photo, pixels: await render(engine, photo).then(r => r.width * r.height) })),
    )
    const nearest = measured.toSorted(
      (a, b) => Math.abs(a.pixels / 1e6 - MEGAPIXELS) - Math.abs(b.pixels / 1e6 - MEGAPIXELS),
    )[0]
    if (nearest === undefined) throw new Error('there is no photo to measure')
    const times = async (path: string, rounds: number): Promise<number[]> => {
      const taken: number[] = []
      for (let round = 0; round < rounds; round++) {
        const started = performance.now()
        await render(engine, { path })
        taken.push(performance.now() - started)
      }
      return taken
    }
    const twelve = await times(nearest.photo.path, ROUNDS)
    const best: number[] = []
    for (const photo of small) best.push(Math.min(...(await times(photo.path, 3))))
    const row = (name: string, values: readonly number[]): string[] => [
      name,
      ...[Math.min(...values), quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)].map(whole),
    ]
    printTable(
      'Latency to six variants, ms',
      ['', 'best', 'median', 'p95', 'worst'],
      [
        row(`${(nearest.pixels / 1e6).toFixed(1)} megapixels, ${ROUNDS} times`, twelve),
        row(`${small.length} photos under 10 MB, best of 3 each`, best),
      ],
    )
  })
}
