import { defaultProjectSettings, type Project, type ProjectSettings } from '../access/index.ts'
import type { Database, Stores } from '../database.ts'
import { newId } from '../ids.ts'
import {
  type Image,
  type ImageChange,
  type ImageStatus,
  type NewImage,
  originalKey,
  purgeTime,
} from '../images/index.ts'
import { randomSha256, testNewImage } from './builders.ts'

/** An organisation with one project, made the way the first start makes it. */
export async function seedProject(
  database: Database,
  options: { organizationId?: string; name?: string; settings?: Partial<ProjectSettings> } = {},
): Promise<Project> {
  const organizationId = options.organizationId ?? newId()
  const id = newId()
  await database.transaction(async tx => {
    if (options.organizationId === undefined)
      await tx.installation.addOrganization({ id: organizationId, name: `Organisation ${organizationId}` })
    const settings = { ...defaultProjectSettings(), ...options.settings }
    await tx.installation.addProject({ id, organizationId, name: options.name ?? 'default', settings })
  })
  const project = await database.projects.find(organizationId, id)
  if (!project) throw new Error('The project that was just added is not there')
  return project
}

/** The moves from the upload to each status; `pending_upload` images are inserted as such. */
const PATHS: Record<Exclude<ImageStatus, 'pending_upload'>, readonly ImageStatus[]> = {
  uploaded: [],
  processing: ['processing'],
  ready: ['processing', 'ready'],
  failed: ['processing', 'failed'],
  deleted: ['deleted'],
}

export interface SeedImage {
  status?: ImageStatus
  at?: Date
  image?: Partial<NewImage>
  /** Written with the last move. */
  change?: ImageChange
}

/** An image that came to its status by the moves of the transition table, with an original of its own. */
export async function seedImage(database: Database, project: Project, options: SeedImage = {}): Promise<Image> {
  const status = options.status ?? 'uploaded'
  const at = options.at ?? new Date()
  const id = options.image?.id ?? newId()
  return database.transaction(async tx => {
    if (status === 'pending_upload') return tx.images.insert(testNewImage(project.id, { ...options.image, id }), at)
    const sha256 = options.image?.sha256 ?? randomSha256()
    const objectKey = options.image?.originalKey ?? originalKey(id)
    await tx.originals.add({ projectId: project.id, objectKey, sha256, sizeBytes: 100 })
    const bytes = { sizeBytes: 100, sha256, originalKey: objectKey, uploadedAt: at }
    const uploaded = testNewImage(project.id, { ...bytes, ...options.image, id, status: 'uploaded' })
    let image = await tx.images.insert(uploaded, at)
    const path = PATHS[status]
    for (const [index, to] of path.entries()) {
      const last = { ...tombstoneOf(project, to, at), ...changeFor(to, options.change) }
      const change = index === path.length - 1 ? last : {}
      image = await moveOrFail(tx, image, to, at, change)
    }
    return image
  })
}

const tombstoneOf = (project: Project, to: ImageStatus, at: Date): ImageChange =>
  to === 'deleted'
    ? { deletedAt: at, formerStatus: 'uploaded', purgeAt: purgeTime(at, project.settings.retentionDays) }
    : {}

const changeFor = (to: ImageStatus, change: ImageChange = {}): ImageChange => ({
  ...(to === 'failed' ? { failure: { code: 'corrupt_image', detail: 'It cannot be read.' } } : {}),
  ...change,
})

async function moveOrFail(tx: Stores, image: Image, to: ImageStatus, at: Date, change: ImageChange): Promise<Image> {
  const { projectId, id: imageId, status: from } = image
  const moved = await tx.images.move({ projectId, imageId, from, to, at, detail: null, change })
  if (!moved) throw new Error(`The image could not be moved from ${from} to ${to}`)
  return moved
}
