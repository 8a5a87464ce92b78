import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'

export interface Picture {
  name: string
  bytes: Buffer
}

const CORPUS_FOLDERS = ['bench', 'photos']
const DRAWN_SIZES = [
  [3000, 2250],
  [2400, 3200],
  [4000, 3000],
  [1600, 1200],
] as const

/** The photographs under `CORPUS`, or drawn ones where there is none. */
export async function loadPictures(corpus: string | undefined): Promise<readonly Picture[]> {
  if (!corpus) return Promise.all(DRAWN_SIZES.map(([width, height], index) => drawPicture(width, height, index)))
  const folders = await Promise.all(CORPUS_FOLDERS.map(folder => readFolder(path.resolve(corpus, folder))))
  return folders.flat()
}

async function readFolder(folder: string): Promise<Picture[]> {
  const names = (await readdir(folder)).filter(name => /\.(jpe?g|png|webp|heic|avif)$/i.test(name)).sort()
  return Promise.all(names.map(async name => ({ name, bytes: await readFile(path.join(folder, name)) })))
}

/** Like a photograph to a codec: large smooth forms, edges, and fine grain. The same for the same arguments. */
export async function drawPicture(width: number, height: number, seed: number): Promise<Picture> {
  const pixels = Buffer.alloc(width * height * 3)
  let noise = seed * 2_654_435_761 + 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0
      const grain = (noise >>> 28) - 8
      const form = Math.sin(x / (90 + seed * 7)) * Math.cos(y / (70 + seed * 5))
      const leaf = Math.sin(x / 9 + Math.sin(y / 23) * 4) * Math.cos(y / 7 + seed) > 0.3 ? 28 : 0
      const at = (y * width + x) * 3
      pixels[at] = clamp(120 + form * 70 + leaf + grain)
      pixels[at + 1] = clamp(110 + form * 40 + (y / height) * 60 - leaf + grain)
      pixels[at + 2] = clamp(90 + (x / width) * 90 - form * 30 + grain)
    }
  }
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer()
  return { name: `drawn-${width}x${height}-${seed}.jpg`, bytes }
}

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)))

/** The same picture as other bytes, so that it is new to the server: a few random ones behind the end. */
export const makeUnique = (picture: Picture): Buffer => Buffer.concat([picture.bytes, randomBytes(16)])
