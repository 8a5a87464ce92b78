import type { Image, Original as StoredOriginal } from '../../images/index.ts'
import { sha256Of } from '../contracts/bytes.ts'
import type { Belongings } from './belongings.ts'
import type { QueuedJob } from './grounds.ts'
import { type Job, type JobKind, type Original, type Picture, presentStatus, uploadKey, variantsName } from './life.ts'
import { observeBelongings } from './observe-belongings.ts'
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
export interface Snapshot extends Belongings {
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
  const ids = stage.projects.map(each => each.id)
  const [images, rows, queued] = await Promise.all([
    Promise.all(ids.map(id => database.images.findSome(id, 'all', ALL))).then(each => each.flat()),
    Promise.all(ids.map(id => database.originals.findSome(id, ALL))).then(each => each.flat()),
    stage.ground.jobs(),
  ])
  const originals = rows.map(each => originalOf(stage, each))
  const pictures = images.map(image => pictureOf(stage, image, objects))
  const belongings = await observeBelongings(stage, pictures)
  const jobs = queued.flatMap(job => jobsOf(stage, job))
  return { pictures, originals, jobs, objects, images, ...belongings }
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

/** None of the lives moves in from another system. */
const originOf = ({ origin }: Image): Picture['origin'] => (origin === 'migration' ? 'import' : origin)

const timeOf = (at: Date | null): number | null => at?.getTime() ?? null

function pictureOf(stage: Stage, image: Image, objects: readonly StoredObject[]): Picture {
  const [variant] = image.variants
  const picture: Picture = {
    ...{
      id: image.id,
      project: image.projectId,
      origin: originOf(image),
      status: image.status,
      former: image.formerStatus,
    },
    ...{ purge: image.purgeState, failure: image.failure?.code ?? null },
    ...{ announced: image.declaredSha256, sha256: image.sha256, original: image.originalKey, held: null },
    ...{ attempt: image.attempt, engineFailures: image.engineFailures, lostAttempts: image.lostAttempts },
    variantsOf: variant ? nameOf(variant.objectKey, 0).attempt : null,
    madeBy: variant ? versionOf(stage, variant.objectKey) : null,
    ...{ expiresAt: timeOf(image.uploadExpiresAt), deletedAt: timeOf(image.deletedAt), purgeAt: timeOf(image.purgeAt) },
    touchedAt: image.updatedAt.getTime(),
  }
  const own = objects.find(each => each.key === uploadKey(image.id))
  if (presentStatus(picture) === 'pending_upload' && own)
    picture.held = { content: contentAt(stage, own.key), hashed: image.sha256 !== null, at: own.modifiedAt }
  return picture
}

function versionOf({ versions }: Stage, key: string): number | null {
  const folder = key.split('/').at(-2) ?? ''
  return versions.get(folder.replace(/-n\d+$/, '')) ?? null
}

const KINDS: Readonly<Record<string, JobKind>> = {
  'image.process': 'process',
  'image.received': 'received',
  'image.import': 'import',
  'image.purge': 'refused',
  'tombstones.purge': 'purge',
  'tombstones.withdraw': 'withdraw',
  'slot.settle': 'settle',
  'remake.advance': 'advance',
  'image.remake': 'remake',
  'remake.retire': 'retire',
}

function jobsOf(stage: Stage, { order, name, payload, due, tries }: QueuedJob): Job[] {
  const kind = KINDS[name]
  if (!kind || !isRecord(payload)) return []
  const shared = Array.isArray(payload.imageIds) && payload.imageIds.length > 1
  const extra = kind === 'remake' ? String(payload.runId) : kind === 'import' ? String(payload.url) : ''
  return targetsOf(stage, kind, payload).map(target => ({ kind, order, due, tries, extra, shared, ...target }))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What a payload is about, in whichever of the forms that payloads have. */
function targetsOf(
  { slotIds }: Stage,
  kind: JobKind,
  payload: Record<string, unknown>,
): Array<{ about: string; upTo: number }> {
  if (kind === 'settle') return [{ about: slotIds.get(String(payload.slotId)) ?? 'a slot unknown', upTo: 0 }]
  if (kind === 'advance') return [{ about: String(payload.runId), upTo: 0 }]
  if (Array.isArray(payload.imageIds)) return payload.imageIds.map(id => ({ about: String(id), upTo: 0 }))
  if (Array.isArray(payload.objectKeys)) {
    const [old] = payload.objectKeys.map(key => nameOf(String(key), 0).attempt)
    return [{ about: String(payload.imageId), upTo: old ?? 0 }]
  }
  if (typeof payload.imageId === 'string') return [{ about: payload.imageId, upTo: 0 }]
  const images: unknown[] = Array.isArray(payload.images) ? payload.images : []
  return images.filter(isRecord).map(each => ({ about: String(each.imageId), upTo: Number(each.attempt) }))
}
