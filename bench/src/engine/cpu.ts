import type { RenderResult } from '@calotype/core'
import { median } from '../statistics.ts'
import { printTable, ratio, whole } from '../table.ts'
import { acceptedPhotos, render, withEngine } from './engine.ts'
import { floorJob, withFloor } from './floor.ts'
import { listPhotos, type Photo } from './photos.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 5)

interface Measured {
  photo: Photo
  result: RenderResult
  engineMs: number
  floorMs: number
}

/** CPU of the engine against one decode and one encode per variant; the best of several rounds in turns, per photo. */
export async function cpuAgainstFloor(): Promise<void> {
  const measured = await withEngine(1, engine =>
    withFloor(async measureFloor => {
      const rows: Measured[] = []
      for (const photo of await acceptedPhotos(engine, await listPhotos(['bench', 'photos', 'color']))) {
        const rounds: { result: RenderResult; floorMs: number }[] = []
        for (let round = 0; round < ROUNDS; round++) {
          const result = await render(engine, photo)
          rounds.push({ result, floorMs: (await measureFloor(floorJob(photo, result))).cpuMs })
        }
        const best = rounds.toSorted((a, b) => a.result.timings.cpu_ms - b.result.timings.cpu_ms)[0]
        if (best === undefined) continue
        const floorMs = Math.min(...rounds.map(round => round.floorMs))
        rows.push({ photo, result: best.result, engineMs: best.result.timings.cpu_ms, floorMs })
      }
      return rows
    }),
  )
  report(measured)
}

const steps = ({ variants }: RenderResult): string =>
  variants
    .filter(({ name }) => name === 'full')
    .map(({ encoding: { encodes, probes } }) => `${encodes}+${probes}`)
    .join(' ')

function report(measured: readonly Measured[]): void {
  const ratios = measured.map(({ engineMs, floorMs }) => engineMs / floorMs)
  printTable(
    `CPU against the floor (best of ${ROUNDS} rounds in turns, one process; encodes + probes of full as AVIF, WebP, JPEG)`,
    ['photo', 'engine ms', 'floor ms', 'ratio', 'encodes'],
    measured.map(({ photo, result, engineMs, floorMs }) => [
      photo.name,
      whole(engineMs),
      whole(floorMs),
      ratio(engineMs / floorMs),
      steps(result),
    ]),
  )
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const total = (of: (row: Measured) => number): number => measured.reduce((sum, row) => sum + of(row), 0)
  console.log(
    `\nmean ${ratio(mean(ratios))} · median ${ratio(median(ratios))} · worst ${ratio(Math.max(...ratios))} · ` +
      `all together ${ratio(total(row => row.engineMs) / total(row => row.floorMs))} · ${measured.length} photos`,
  )
}
