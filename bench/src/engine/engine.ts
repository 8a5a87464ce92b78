import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DEFAULT_SOURCE_LIMITS, DEFAULT_VARIANTS, type ImageProcessor, type RenderResult } from '@calotype/core'
import { createSharpImageProcessor } from '@calotype/sharp'
import type { Photo } from './photos.ts'

/** Runs with an engine of so many processes, warm, and closes it afterwards. */
export async function withEngine<T>(processes: number, run: (engine: ImageProcessor) => Promise<T>): Promise<T> {
  const engine = createSharpImageProcessor({ processes })
  try {
    return await run(engine)
  } finally {
    await engine.close()
  }
}

/** Makes the default variants of a photo; `look` may read the files before they go. */
export async function render(
  engine: ImageProcessor,
  photo: Pick<Photo, 'path'>,
  look?: (result: RenderResult) => Promise<void>,
): Promise<RenderResult> {
  const outputDirectory = await mkdtemp(path.join(tmpdir(), 'calotype-bench-'))
  try {
    const result = await engine.render({
      source: photo.path,
      outputDirectory,
      declaredType: null,
      limits: DEFAULT_SOURCE_LIMITS,
      recipe: { id: 'bench', variants: DEFAULT_VARIANTS },
    })
    await look?.(result)
    return result
  } finally {
    await rm(outputDirectory, { recursive: true, force: true })
  }
}

/** What is made of each photo that the engine takes; a refused one is told and left out. */
export async function acceptedPhotos(engine: ImageProcessor, photos: readonly Photo[]): Promise<Photo[]> {
  const accepted: Photo[] = []
  for (const photo of photos)
    try {
      await render(engine, photo)
      accepted.push(photo)
    } catch (error) {
      console.log(`left out: ${photo.name}: ${error instanceof Error ? error.message : 'refused'}`)
    }
  return accepted
}
