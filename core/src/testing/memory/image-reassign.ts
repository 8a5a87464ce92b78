import { notFound } from '../../access/index.ts'
import type { Image, ImageReassignment } from '../../images/index.ts'
import { liveProject, type MemoryState } from './state.ts'

/** The image in its new project; null when it is no longer what it was when its bytes were copied. */
export function reassign(state: MemoryState, to: ImageReassignment): Image | null {
  if (!liveProject(state, to.toProjectId)) throw notFound()
  const image = state.images.get(to.image.id)
  const expected = to.image
  if (!image || image.projectId !== expected.projectId || image.status !== expected.status) return null
  if (image.attempt !== expected.attempt || image.originalKey !== expected.originalKey) return null
  const renamed = new Map(to.renamed.map(key => [key.from, key.to]))
  if (renamed.size !== image.variants.length) return null
  const variants = image.variants.flatMap(variant => {
    const objectKey = renamed.get(variant.objectKey)
    return objectKey === undefined ? [] : [{ ...variant, objectKey }]
  })
  if (variants.length !== renamed.size) return null
  const history = [...image.history, { status: image.status, at: to.at, detail: to.detail }]
  const { toProjectId: projectId, originalKey } = to
  Object.assign(image, structuredClone(to.change), { projectId, originalKey, variants, history, updatedAt: to.at })
  return structuredClone(image)
}
