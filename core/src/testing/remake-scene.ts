import { expect } from 'vitest'
import { findRemake, type Image, remakeProject } from '../images/index.ts'
import type { VariantSpec } from '../rendering/index.ts'
import { sampleBytes } from './contracts/bytes.ts'
import { createWorld, findDisorder, upload, type World } from './world.ts'

const SMALL: readonly VariantSpec[] = [
  { name: 'full', width: 600, height: 600, fit: 'inside', formats: ['webp', 'jpeg'], maxBytes: null },
]
export const TWO_LIVES_MS = 2 * 600_000

/** A project with ready images whose variants were changed afterwards. */
export async function changed(images = 1) {
  const world = await createWorld()
  const made: Image[] = []
  for (let index = 0; index < images; index++) made.push((await upload(world, sampleBytes(500 + index))).image)
  await world.runJobs()
  await setVariants(world, SMALL)
  return { world, images: made }
}

export const setVariants = async (world: World, variants: readonly VariantSpec[]) => {
  const { id, name, settings } = world.project
  await world.memory.projects.change(id, { name, settings: { ...settings, variants } })
}

export async function started(images = 1) {
  const scene = await changed(images)
  const run = await begin(scene.world)
  return { ...scene, run }
}

export const begin = (world: World, imageIds: readonly string[] | null = null) =>
  remakeProject(world.deps, world.owner, { projectId: null, imageIds })
export const progress = (world: World, runId: string) => findRemake(world.deps, world.owner, { runId })
export const load = async (world: World, image: Pick<Image, 'id' | 'projectId'> | undefined) => {
  if (!image) throw new Error('There is no such image')
  const found = await world.memory.images.load(image.projectId, image.id)
  if (!found) throw new Error('The image is gone')
  return found
}
export const names = (image: Image) =>
  image.variants.map(variant => `${variant.name} ${variant.width} ${variant.format}`)
export const NEW = ['full 600 webp', 'full 600 jpeg']
const storedBytes = (world: World) =>
  [...world.memory.inspect().usage.values()].reduce((sum, entry) => sum + (entry.storedBytes ?? 0), 0)
const heldBytes = (world: World) =>
  world.blobs.keys().reduce((sum, key) => sum + (world.blobs.bytes(key)?.length ?? 0), 0)

export async function isWhole(world: World) {
  await world.runJobs()
  world.clock.advance(TWO_LIVES_MS)
  await world.runJobs()
  await world.sweep()
  expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  expect(storedBytes(world)).toBe(heldBytes(world))
}
