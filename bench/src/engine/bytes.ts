import { FULL_MAX_BYTES, type ImageProcessor, type RenderedVariant, VARIANT_FORMATS } from '@calotype/core'
import { FORMAT_PROFILES, qualityRange } from '@calotype/sharp/encoding'
import { median } from '../statistics.ts'
import { printTable, whole } from '../table.ts'
import { acceptedPhotos, render, withEngine } from './engine.ts'
import { listPhotos, type Photo } from './photos.ts'
import { fullSource } from './sweep.ts'

interface Full extends RenderedVariant {
  /** Below the ceiling of this very picture: the target took quality or pixels from it. */
  bound: boolean
}

/** The `full` files of a photo. */
async function fullOf(engine: ImageProcessor, photo: Photo): Promise<Full[]> {
  const source = await fullSource(photo)
  const { variants } = await render(engine, photo)
  return variants
    .filter(({ name }) => name === 'full')
    .map(variant => {
      const { ceiling } = qualityRange(FORMAT_PROFILES[variant.format], source?.scout ?? null)
      const shrunken = source !== null && variant.width < source.pixels.width
      return { ...variant, bound: shrunken || variant.encoding.quality < ceiling }
    })
}

/** How many `full` fit their target, and how much of it those use that are bound by it. */
export async function bytes(): Promise<void> {
  const variants = await withEngine(2, async engine => {
    const photos = await acceptedPhotos(engine, await listPhotos(['bench', 'photos', 'color']))
    return (await Promise.all(photos.map(photo => fullOf(engine, photo)))).flat()
  })
  const percent = (value: number): string => (Number.isNaN(value) ? '–' : `${(value * 100).toFixed(1)} %`)
  const rows = [...VARIANT_FORMATS, 'all'].map(format => {
    const files = variants.filter(variant => format === 'all' || variant.format === format)
    const fills = files.filter(({ bound }) => bound).map(({ sizeBytes }) => sizeBytes / FULL_MAX_BYTES)
    return [
      format,
      whole(files.length),
      percent(files.filter(({ sizeBytes }) => sizeBytes <= FULL_MAX_BYTES).length / files.length),
      whole(fills.length),
      percent(median(fills)),
      fills.length === 0 ? '–' : percent(Math.min(...fills)),
      whole(median(files.map(({ sizeBytes }) => sizeBytes))),
      median(files.flatMap(({ encoding: { score } }) => score ?? [])).toFixed(4),
      (files.reduce((sum, { encoding }) => sum + encoding.encodes, 0) / files.length).toFixed(2),
      (files.reduce((sum, { encoding }) => sum + encoding.probes, 0) / files.length).toFixed(2),
    ]
  })
  printTable(
    `Bytes of full against ${whole(FULL_MAX_BYTES)}`,
    ['', 'files', 'within', 'bound by it', 'median fill', 'least fill', 'median bytes', 'score', 'encodes', 'probes'],
    rows,
  )
}
