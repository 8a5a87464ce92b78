import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type RenderedVariant, VARIANT_FORMATS } from '@calotype/core'
import { toPixels } from '@calotype/sharp/encoding'
import sharp from 'sharp'
import { render, withEngine } from './engine.ts'
import { listPhotos } from './photos.ts'
import { fullSource } from './sweep.ts'

/** Pixels a side of what is cut out of the middle, shown at twice the size. */
const CUT = 300

const cutOut = async (file: Buffer): Promise<string> => {
  const picture = await toPixels(sharp(file).flatten({ background: '#ffffff' }))
  const [width, height] = [Math.min(CUT, picture.width), Math.min(CUT, picture.height)]
  const left = (picture.width - width) >> 1
  const top = (picture.height - height) >> 1
  const raw = { width: picture.width, height: picture.height, channels: picture.channels }
  const png = await sharp(picture.data, { raw }).extract({ left, top, width, height }).png().toBuffer()
  return `<img width="${width * 2}" src="data:image/png;base64,${png.toString('base64')}">`
}

const cell = async (caption: string, file: Buffer): Promise<string> => `<td>${await cutOut(file)}<br>${caption}</td>`

const told = ({ format, sizeBytes, width, encoding: { quality, score } }: RenderedVariant): string =>
  `${format} q${quality} · ${(sizeBytes / 1024).toFixed(0)} KB · ${width} px · score ${score}`

/**
 * The middle of every photo as the three formats show it, beside the pixels before encoding, as one page in a folder of
 * its own: it holds pictures, so it stays out of the repository.
 */
export async function sideBySide(): Promise<void> {
  const rows: string[] = []
  await withEngine(1, async engine => {
    for (const photo of await listPhotos(['bench', 'photos'])) {
      const source = await fullSource(photo)
      if (source === null) continue
      const { data, width, height, channels } = source.flat
      const cells = [await cell('before', await sharp(data, { raw: { width, height, channels } }).png().toBuffer())]
      await render(engine, photo, async ({ variants }) => {
        for (const format of VARIANT_FORMATS) {
          const variant = variants.find(made => made.name === 'full' && made.format === format)
          if (variant !== undefined) cells.push(await cell(told(variant), await readFile(variant.path)))
        }
      })
      rows.push(`<tr>${cells.join('')}</tr>`)
    }
  })
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-side-by-side-'))
  const page = path.join(folder, 'index.html')
  const style = 'body{font:12px sans-serif}img{image-rendering:pixelated}td{padding:6px;vertical-align:top}'
  await writeFile(page, `<!doctype html><meta charset="utf-8"><style>${style}</style><table>${rows.join('\n')}</table>`)
  console.log(`\nthe formats side by side: ${page}`)
}
