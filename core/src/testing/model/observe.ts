import type { Image, Original as StoredOriginal } from '../../images/index.ts'
import { sha256Of } from '../contracts/bytes.ts'
import type { QueuedJob } from './grounds.ts'
import { type Job, type JobKind, type Original, type Picture, presentStatus, uploadKey, variantsName } from './life.ts'
import type { Stage } from './stage.ts'

export interface StoredObject {
  key: string
  /** As the model calls it. */
  name: string
  picture: string
  /** Of variants: the attempt that made them. */
  attempt: number | null
  modifiedAt: number
}

/** What storage and database hold, in the words of the model. */
export interface Snapshot {
  pictures: Picture[]
  originals: Original[]
  jobs: Job[]
  objects: StoredObject[]
  /** What the rows themselves say, where the model has no word for it. */
  images: readonly Image[]
}

const ALL = 1_000

/** Looks at everything, past all that could fail. */
export async function observe(stage: Stage): Promise<Snapshot> {
  const { database } = stage.ground
  const objects: StoredObject[] = []
  for await (const { key, modifiedAt } of stage.held.list('', { projectId: '', purpose: 'care' }))
    objects.push(nameOf(key, modifiedAt.getTime()))
  const images: Image[] = []
  const originals: Original[] = []
  for (const { id } of stage.projects) {
    images.push(...(await database.images.findSome(id, 'all', ALL)))
    originals.push(...(await database.originals.findSome(id, ALL)).map(each => originalOf(stage, each)))
  }
  const pictures = images.map(image => pictureOf(stage, image))
  const jobs = (await stage.ground.jobs()).flatMap(jobsOf)
  return { pictures, originals, jobs, objects, images }
}

function nameOf(key: string, modifiedAt: number): StoredObject {
  const [place, projectId = '', id = '', folder = ''] = key.split('/')
  if (place === 'uploads') return { key, name: key, picture: projectId, attempt: null, modifiedAt }
  const attempt = Number(/-n(\d+)$/.exec(folder)?.[1] ?? 1)
  return { key, name: variantsName(id, attempt), picture: id, attempt, modifiedAt }
}

const contentAt = (stage: Stage, key: string): string => {
  const bytes = stage.held.bytes(key)
  return bytes ? sha256Of(bytes) : 'gone'
}

const originalOf = (stage: Stage, { projectId, objectKey, sha256, state }: StoredOriginal): Original => ({
  project: projectId,
  key: objectKey,
  content: sha256 ?? contentAt(stage, objectKey),
  hashed: sha256 !== null,
  purging: state === 'purging',
})

const timeOf = (at: Date | null): number | null => at?.getTime() ?? null

function pictureOf(stage: Stage, image: Image): Picture {
  const [variant] = image.variants
  const picture: Picture = {
    ...{ id: image.id, project: image.projectId, status: image.status, former: image.formerStatus },
    ...{ purge: image.purgeState, failure: image.failure?.code ?? null },
    ...{ announced: image.declaredSha256, sha256: image.sha256, original: image.originalKey, held: null },
    ...{ attempt: image.attempt, engineFailures: image.engineFailures, lostAttempts: image.lostAttempts },
    variantsOf: variant ? nameOf(variant.objectKey, 0).attempt : null,
    ...{ expiresAt: timeOf(image.uploadExpiresAt), deletedAt: timeOf(image.deletedAt), purgeAt: timeOf(image.purgeAt) },
    touchedAt: image.updatedAt.getTime(),
  }
  const own = uploadKey(image.id)
  if (presentStatus(picture) === 'pending_upload' && stage.held.bytes(own))
    picture.held = { content: contentAt(stage, own), hashed: image.sha256 !== null }
  return picture
}

const KINDS: Readonly<Record<string, JobKind>> = {
  'image.process': 'process',
  'image.received': 'received',
  'image.purge': 'refused',
  'tombstones.purge': 'purge',
  'tombstones.withdraw': 'withdraw',
}

function jobsOf({ order, name, payload, due, tries }: QueuedJob): Job[] {
  const kind = KINDS[name]
  if (!kind) return []
  const more = { kind, order, due, tries }
  return targetsOf(payload).map(({ picture, upTo }) => ({ ...more, picture, upTo }))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The images that a payload names, in whichever of the forms that payloads have. */
function targetsOf(payload: unknown): Array<{ picture: string; upTo: number }> {
  if (!isRecord(payload)) return []
  if (typeof payload.imageId === 'string') return [{ picture: payload.imageId, upTo: 0 }]
  if (Array.isArray(payload.imageIds)) return payload.imageIds.map(id => ({ picture: String(id), upTo: 0 }))
  const images: unknown[] = Array.isArray(payload.images) ? payload.images : []
  return images.filter(isRecord).map(each => ({ picture: String(each.imageId), upTo: Number(each.attempt) }))
}
