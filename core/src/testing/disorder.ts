import { getReconcile, RECONCILE_GRACE_MS, startReconcile } from '../care/index.ts'
import { newId } from '../ids.ts'
import { type Image, originalKey } from '../images/index.ts'
import { bodyOf, sampleBytes } from './contracts/bytes.ts'
import { createTeam, type Team } from './team.ts'
import { upload } from './world.ts'

/** By whom the tests put and remove objects. */
export const CARE = { projectId: '', purpose: 'care' as const }
/** Puts an object of so many bytes. */
export const putObject = ({ world }: Team, key: string, size = 5) =>
  world.blobs.put(key, bodyOf(sampleBytes(size)), { maxBytes: 9_999, contentType: 'x/y' }, CARE)

/** Five ready images, and every kind of difference planted. */
export async function createDisorder() {
  const team = await createTeam()
  const { world } = team
  const images: Image[] = []
  for (const size of [1_000, 1_100, 1_200, 1_300, 1_400]) images.push((await upload(world, sampleBytes(size))).image)
  await world.runJobs()
  const { project, blobs } = world
  const load = async (at: number) => {
    const image = await world.memory.images.load(project.id, images[at]?.id ?? '')
    if (!image) throw new Error('The image is there')
    return image
  }
  const [whole, lost, gone, cut, both] = await Promise.all([0, 1, 2, 3, 4].map(load))
  if (!whole || !lost || !gone || !cut || !both) throw new Error('five images')
  const variant = (image: typeof whole, at = 0) => image.variants[at]?.objectKey ?? ''
  const strays = [originalKey(newId()), `private/${project.id}/${newId()}/r/full.avif`, `public/${newId()}/x/r/a.webp`]
  for (const key of strays) await putObject(team, key)
  await blobs.remove([variant(lost), originalKey(gone.id), originalKey(both.id), variant(both)], CARE)
  await putObject(team, variant(cut), 3)
  await putObject(team, originalKey(cut.id), 7)
  world.clock.advance(RECONCILE_GRACE_MS + 1)
  return { ...team, images: { whole, lost, gone, cut, both }, strays, variant }
}

export type Disorder = Awaited<ReturnType<typeof createDisorder>>

/** One whole run, and what it tells. */
export async function reconcile({ world, deps }: Team, apply: boolean, projectId: string | null = null) {
  const { id } = await startReconcile(deps, world.owner, { apply, projectId })
  await world.runJobs()
  return getReconcile(deps, world.owner, { runId: id, withFindings: true })
}

/** Keys that differ, by kind. */
export const expectedFindings = ({ images, strays, variant }: Disorder) => ({
  unreferenced: [...strays].sort(),
  missing_original: [originalKey(images.gone.id), originalKey(images.both.id)].sort(),
  missing_variant: [variant(images.lost), variant(images.both)].sort(),
  wrong_size: [variant(images.cut), originalKey(images.cut.id)].sort(),
})

/** Keys of findings by kind. */
export function byKind(findings: Awaited<ReturnType<typeof reconcile>>['findings']) {
  const kinds: Record<string, string[]> = {}
  for (const { kind, key } of findings) kinds[kind] = [...(kinds[kind] ?? []), key].sort()
  return kinds
}
