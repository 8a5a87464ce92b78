import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DEFAULT_VARIANTS, type RenderResult, type VariantFormat } from '@calotype/core'
import { workingSides } from '@calotype/sharp/encoding'
import { ENGINE_NODE_OPTIONS } from '@calotype/sharp/node-options'
import type { Photo } from './photos.ts'

/** One encode of the floor, as the engine's receipt tells it. */
export interface FloorVariant {
  format: VariantFormat
  quality: number
  width: number
  height: number
  fit: 'cover' | 'inside'
}

export interface FloorJob {
  source: string
  /** Sides of the one decode, in pixels. */
  working: { width: number; height: number }
  variants: readonly FloorVariant[]
}

export interface FloorAnswer {
  cpuMs: number
}

/** One decode and resize, and one final encode per variant with the settings that were chosen: nothing else. */
export const floorJob = (photo: Photo, { width, height, variants }: RenderResult): FloorJob => ({
  source: photo.path,
  working: workingSides({ width, height }, DEFAULT_VARIANTS),
  variants: variants.map(({ name, format, width, height, encoding: { quality } }) => {
    const fit = DEFAULT_VARIANTS.find(spec => spec.name === name)?.fit ?? 'inside'
    return { format, quality, width, height, fit }
  }),
})

/** Runs with a process for the floor, in the environment of an engine process. */
export async function withFloor<T>(run: (measure: (job: FloorJob) => Promise<FloorAnswer>) => Promise<T>): Promise<T> {
  const child = fork(fileURLToPath(new URL('./floor-worker.ts', import.meta.url)), {
    execArgv: [...ENGINE_NODE_OPTIONS],
    env: { PATH: process.env.PATH, TZ: 'UTC', NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' },
  })
  const died = once(child, 'exit').then((): never => {
    throw new Error('the process that measures the floor died')
  })
  // Nobody waits for its end once the runs are over.
  died.catch(() => undefined)
  try {
    return await run(async job => {
      const answered = once(child, 'message')
      child.send(job)
      const [answer] = await Promise.race([answered, died])
      return { cpuMs: Number(answer.cpuMs) }
    })
  } finally {
    child.disconnect()
  }
}
