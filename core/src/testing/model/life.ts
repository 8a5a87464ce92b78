import type { Belongings } from './belongings.ts'
import { isRemade } from './belongings.ts'

/**
 * The life of images as the requirements tell it (L1, L2, U9, U10, V8, V11, V12, E1, E2), in memory, without storage, transactions or crashes. The product is
 * run beside it and has to agree after every step. It shares no code with the product, so that one mistake is not made twice.
 */

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** How long objects that belong to nothing may lie in storage before a sweep takes them. */
export const ORPHAN_GRACE = HOUR
/** An upload URL is good for this long; bytes are waited for a while longer. */
export const UPLOAD_LIFE = 15 * MINUTE
export const STALE_GRACE = HOUR
/** Work without a job is found by the sweep when it has waited for this long. */
export const STRANDED_AFTER = MINUTE
/** Bytes that nobody announced are looked for so long after they came; later ones wait for the end of their URL. */
export const UNANNOUNCED = 2 * HOUR
/** Our own upload URL tells of its bytes after this long. */
export const RECEIVED_AFTER = 2 * SECOND
/** The record of a purged image is kept for this long after the delete. */
export const RECORD_LIFE = 3 * DAY
/** Tries that the engine lost, and attempts that died with their process, before an image is given up. */
export const ENGINE_TRIES = 3
export const LOST_TRIES = 5

export type Status = 'pending_upload' | 'uploaded' | 'processing' | 'ready' | 'failed' | 'deleted'

/** From where to where; of a deleted image only a restore leads back. */
export const MOVES: Record<Status, readonly Status[]> = {
  pending_upload: ['uploaded', 'failed', 'deleted'],
  uploaded: ['processing', 'failed', 'deleted'],
  processing: ['ready', 'failed', 'uploaded', 'deleted'],
  ready: ['deleted'],
  failed: ['uploaded', 'deleted'],
  deleted: ['pending_upload', 'uploaded', 'ready', 'failed'],
}

export interface Terms {
  id: string
  /** Deleted images can be restored for this many milliseconds. */
  retention: number
  /** Anybody may fetch its variants: those of deleted images go at once. */
  isPublic: boolean
}

export interface Picture {
  id: string
  project: string
  /** Only what came as an upload is answered again for the same bytes; slots and galleries have records of their own. */
  origin: 'upload' | 'import' | 'slot'
  status: Status
  /** Of a deleted one: where a restore leads. */
  former: Status | null
  purge: 'purging' | 'purged' | null
  failure: string | null
  /** SHA-256 as announced, and as somebody saw it; null until then. */
  announced: string | null
  sha256: string | null
  /** Key of the original that it refers to; other images with the same bytes may refer to it, too. */
  original: string | null
  /** What lies at its upload URL while it waits for bytes. `hashed` when our own URL saw them pass. */
  held: { content: string; hashed: boolean; at: number } | null
  attempt: number
  engineFailures: number
  lostAttempts: number
  /** The attempt that made its variants; null while it has none. */
  variantsOf: number | null
  /** The version of the engine that made them. */
  madeBy: number | null
  expiresAt: number | null
  deletedAt: number | null
  purgeAt: number | null
  /** When the row was last written: kept by the product, only looked at here. */
  touchedAt: number
}

/** The bytes that images refer to: of the same bytes one in each project, once somebody has hashed them. */
export interface Original {
  project: string
  key: string
  content: string
  hashed: boolean
  /** Its bytes are on their way out: whoever brings the same ones again brings new ones. */
  purging: boolean
}

export type JobKind =
  | ('process' | 'received' | 'import' | 'refused' | 'purge' | 'withdraw')
  | ('settle' | 'advance' | 'remake' | 'retire')

export interface Job {
  kind: JobKind
  /** A picture; of `settle` a slot, of `advance` a run. */
  about: string
  due: number
  /** Older ones run first, after those that people wait for. */
  order: number
  tries: number
  /** Of `withdraw`: only what was made up to this attempt goes. Of `retire`: the attempt whose files go. */
  upTo: number
  /** Of `remake`: the run. Of `import`: where the bytes are. */
  extra: string
  /** One of several pictures whose job is one, which another job does not replace. */
  shared: boolean
}

export interface Life extends Belongings {
  now: number
  projects: readonly Terms[]
  /** What lies at the addresses of others: SHA-256 by URL. */
  web: Readonly<Record<string, string>>
  /** SHA-256 of bytes that are no image. */
  damaged: readonly string[]
  engineWorks: boolean
  /** Of the engine. */
  version: number
  pictures: Picture[]
  originals: Original[]
  jobs: Job[]
  /** Every job that ever was: it may come once more, at any time. */
  past: Job[]
  /** By image: nothing that attempts up to this one made may be in storage any more. */
  emptied: Record<string, number>
  /** Names of variants that were replaced and have had their time. */
  retired: string[]
}

export const uploadKey = (id: string): string => `uploads/${id}`
/** The name under which all objects of one attempt go. */
export const variantsName = (id: string, attempt: number): string => `variants/${id}/${attempt}`

export const find = (life: Life, id: string): Picture | undefined => life.pictures.find(each => each.id === id)

export const termsOf = (life: Life, project: string): Terms => {
  const terms = life.projects.find(each => each.id === project)
  if (!terms) throw new Error(`There is no project ${project}`)
  return terms
}

/** Deleted, and nobody has begun to take it away for good. */
export const isRestorable = (picture: Picture): boolean => picture.status === 'deleted' && picture.purge === null

/** What counts for its objects: a deleted image keeps what a restore needs, a purged one nothing. */
export function presentStatus(picture: Picture): Status | null {
  if (picture.status !== 'deleted') return picture.status
  return isRestorable(picture) ? picture.former : null
}

const VERDICTS: readonly string[] = ['corrupt_image', 'size_mismatch']
export const isVerdict = (failure: string | null): boolean => failure !== null && VERDICTS.includes(failure)

/** Refused, given up before its bytes came, or on its way out: its bytes go as well. */
export function wantsNoBytes(picture: Picture): boolean {
  if (picture.status === 'deleted' && picture.purge !== null) return true
  const failed = presentStatus(picture) === 'failed'
  return failed && (isVerdict(picture.failure) || picture.failure === 'upload_expired')
}

/** Pictures that are deleted at once are purged by one job. */
type More = Partial<Pick<Job, 'due' | 'upTo' | 'extra' | 'shared'>>
const MANY: readonly JobKind[] = ['withdraw', 'retire']

/** The law of jobs: what is waiting under the same name is replaced, except where each has its own. */
export function enqueue(life: Life, kind: JobKind, about: string, more: More = {}): void {
  const order = Math.max(0, ...life.jobs.map(each => each.order)) + 1
  const job: Job = { ...{ kind, about, order, due: life.now, tries: 0, upTo: 0, extra: '', shared: false }, ...more }
  const isSame = (each: Job) => each.kind === kind && each.about === about && each.extra === job.extra && !each.shared
  if (!MANY.includes(kind) && !job.shared) life.jobs = life.jobs.filter(each => !isSame(each))
  life.jobs.push(job)
  remember(life, job)
}

/** Files that were replaced are not: their job names their keys, and nobody ever writes them again. */
export function remember(life: Life, job: Job): void {
  const same = (each: Job) =>
    each.kind === job.kind && each.about === job.about && each.upTo === job.upTo && each.extra === job.extra
  if (job.kind !== 'retire' && !life.past.some(same)) life.past.push(job)
}

/** Names of the objects that have to be there. */
export function required(life: Pick<Life, 'pictures' | 'originals'>): Set<string> {
  const names = new Set(life.originals.filter(each => !each.purging).map(original => original.key))
  for (const picture of life.pictures) {
    const present = presentStatus(picture)
    if (present === 'pending_upload' && picture.held) names.add(uploadKey(picture.id))
    if (present !== null && picture.variantsOf !== null) names.add(variantsName(picture.id, picture.variantsOf))
  }
  return names
}

/** Whether an attempt may be writing, so that what lies beside the variants is nobody's to take away. */
export const isUnderWay = (picture: Picture, belongings: Pick<Belongings, 'runs'>): boolean =>
  ['uploaded', 'processing'].includes(picture.status) ||
  (picture.status === 'ready' && isRemade(belongings, picture.id))

/** What a reader is told. */
export function shownStatus(life: Life, id: string): Status | 'not_found' {
  const picture = find(life, id)
  return !picture || picture.purge !== null ? 'not_found' : picture.status
}
