import { mkdir, writeFile } from 'node:fs/promises'
import { VARIANT_FORMATS, type VariantFormat } from '@calotype/core'
import { median, quantile } from '../statistics.ts'
import { printTable } from '../table.ts'
import { listPhotos } from './photos.ts'
import { type Axis, drawPlots, type Series } from './svg-plot.ts'
import { type SweepPoint, sweep } from './sweep.ts'

const FOLDER = new URL('../../../docs/engine/', import.meta.url)
const COLORS: Record<VariantFormat, string> = { avif: '#0a7', webp: '#36c', jpeg: '#c50' }

const decibels = (score: number): number => -10 * Math.log10(Math.max(1e-4, 1 - score))

const series = (
  points: readonly SweepPoint[],
  as: Series['as'],
  place: (point: SweepPoint) => readonly [number, number],
): Series[] =>
  VARIANT_FORMATS.map(format => ({
    name: format,
    color: COLORS[format],
    as,
    points: points.filter(point => point.format === format).map(place),
  }))

/** The medians over the photos, per format and quality. */
const medians = (points: readonly SweepPoint[], of: (point: SweepPoint) => number): Series[] =>
  series(points, 'line', point => [point.quality, of(point)]).map(drawn => ({
    ...drawn,
    points: [...new Set(drawn.points.map(([quality]) => quality))].map(
      quality => [quality, median(drawn.points.filter(([at]) => at === quality).map(([, value]) => value))] as const,
    ),
  }))

const axis = (label: string, ticks: readonly number[], scale: Axis['scale'] = 'linear'): Axis => ({
  label,
  ticks,
  scale,
})

function reportErrors(points: readonly SweepPoint[]): void {
  const rows = VARIANT_FORMATS.map(format => {
    const own = points.filter(point => point.format === format)
    const sizes = own.map(({ bytes, predictedBytes }) => Math.abs(predictedBytes / bytes - 1) * 100)
    const scores = own.map(point => Math.abs(decibels(point.predictedScore) - decibels(point.score)))
    const figures = [quantile(sizes, 0.5), quantile(sizes, 0.9), quantile(scores, 0.5), quantile(scores, 0.9)]
    return [format, ...figures.map(figure => figure.toFixed(1))]
  })
  printTable(
    'Foretold from the scout against final: error of bytes in %, of the score in decibels',
    ['', 'bytes, median', 'p90', 'score, median', 'p90'],
    rows,
  )
}

/** Sweeps the qualities of every photo and draws the plots of docs/engine.md: numbers only, nothing of a picture. */
export async function plots(): Promise<void> {
  const points: SweepPoint[] = []
  for (const photo of await listPhotos(['bench', 'photos'])) points.push(...(await sweep(photo)))
  reportErrors(points)
  const quality = axis('quality', [30, 40, 50, 60, 70, 80, 90])
  // What is smaller than the axis fits every target.
  const large = points.filter(({ bytes, predictedBytes }) => Math.min(bytes, predictedBytes) > 2_000)
  const kilobytes = axis('KB, final', [2, 5, 10, 20, 50, 100, 200, 400], 'log')
  await mkdir(FOLDER, { recursive: true })
  const overQuality = drawPlots([
    {
      title: 'Bytes of full over quality, medians',
      x: quality,
      y: axis('KB', [0, 20, 40, 60, 80], 'linear'),
      series: medians(points, ({ bytes }) => bytes / 1000),
    },
    {
      title: 'Score over quality, medians',
      x: quality,
      y: axis('score', [0.98, 0.985, 0.99, 0.995, 1]),
      series: medians(points, ({ score }) => score),
    },
  ])
  const foretold = drawPlots([
    {
      title: 'Bytes: foretold from the scout, and final',
      x: kilobytes,
      y: { ...kilobytes, label: 'KB, foretold' },
      series: series(large, 'dots', ({ bytes, predictedBytes }) => [bytes / 1000, predictedBytes / 1000]),
    },
    {
      title: 'Score: foretold from the scout, and final (decibels)',
      x: axis('−10 log(1 − score), final', [10, 15, 20, 25, 30, 35]),
      y: axis('foretold', [10, 15, 20, 25, 30, 35]),
      series: series(points, 'dots', point => [decibels(point.score), decibels(point.predictedScore)]),
    },
  ])
  await writeFile(new URL('over-quality.svg', FOLDER), overQuality)
  await writeFile(new URL('foretold.svg', FOLDER), foretold)
  console.log('\nwrote docs/engine/over-quality.svg and docs/engine/foretold.svg')
}
