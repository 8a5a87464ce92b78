import { type Image, ImageList } from '@calotype/contract'
import type { Client } from '../cloud-client.ts'
import type { Promised } from './send-uploads.ts'

/** Every image of a project, newest first. */
export async function listImages(client: Client, base: string, projectId: string): Promise<Image[]> {
  const images: Image[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = ImageList.parse(await client.json(base, `/images?project_id=${projectId}&limit=200${more}`))
    images.push(...page.items)
    cursor = page.next_cursor
  }
  return images
}

/** What is still under way, or was promised and has not come: nothing, when all is well. */
export const findUnsettled = (images: readonly Image[], promised: readonly Promised[]): string[] => {
  const ready = new Set(images.flatMap(({ id, status }) => (status === 'ready' ? [id] : [])))
  const moving = images.filter(({ status }) => status === 'uploaded' || status === 'processing')
  return [
    ...new Set([
      ...promised.flatMap(({ imageId }) => (ready.has(imageId) ? [] : [imageId])),
      ...moving.map(({ id }) => id),
    ]),
  ]
}

const keyOf = ({ storage_uri }: Image): string => storage_uri?.replace(/^\w+:\/\/[^/]+\//, '') ?? '?'

/** What is wrong with rows and objects after everything has settled, a line each; empty when nothing was lost, doubled or left lying about. */
export function findWrongs(
  images: readonly Image[],
  objects: readonly string[],
  { promised, variants }: { promised: readonly Promised[]; variants: readonly string[] },
): string[] {
  const ready = new Map(images.flatMap(image => (image.status === 'ready' ? [[image.id, image] as const] : [])))
  const stored = new Set(objects)
  const needed = new Set(
    [...ready.values()].flatMap(image => [keyOf(image), ...image.variants.map(one => one.object_key)]),
  )
  const count = (image: Image, status: string) => image.history.filter(line => line.status === status).length
  return [
    ...promised.flatMap(({ imageId, sha256, number }) =>
      ready.get(imageId)?.sha256 === sha256
        ? []
        : [`${number}: ${imageId} was promised and is not ready with its bytes`],
    ),
    ...(ready.size === promised.length ? [] : [`${ready.size} images are ready, ${promised.length} were promised`]),
    ...images
      .filter(({ status }) => status !== 'ready' && status !== 'pending_upload')
      .map(({ id, status }) => `${id} is ${status}`),
    ...[...ready.values()].flatMap(image => {
      const names = image.variants.map(({ name, format }) => `${name}.${format}`).sort()
      const wrong = names.join() === [...variants].sort().join() ? [] : [`${image.id} has the variants ${names.join()}`]
      return count(image, 'ready') === 1 && count(image, 'uploaded') >= 1
        ? wrong
        : [...wrong, `${image.id} became ready more than once`]
    }),
    ...[...needed].filter(key => !stored.has(key)).map(key => `${key} is lost`),
    ...objects.filter(key => !needed.has(key)).map(key => `${key} belongs to nothing`),
  ]
}
