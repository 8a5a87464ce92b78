import { emptyRefused, purge, withdraw } from './deaths.ts'
import {
  ENGINE_TRIES,
  enqueue,
  find,
  type Job,
  type Life,
  LOST_TRIES,
  type Picture,
  RECORD_LIFE,
  SECOND,
  STALE_GRACE,
  STRANDED_AFTER,
  UNANNOUNCED,
  variantsName,
} from './life.ts'
import { advance, remakeOne, rescueRuns } from './remakes.ts'
import { settleById, settleSlotsOf, sweepSlots } from './slots.ts'
import { fetchImport, originalOf, settle } from './uploads.ts'

/** What happens while the engine is at work. */
export type Meanwhile = (life: Life) => void

/** What nobody waits for runs after everything else. */
const isLow = ({ kind }: Job): number => (kind === 'advance' || kind === 'remake' ? 1 : 0)

/** Every job that is due, one after the other, and those that they bring about. */
export function runJobs(life: Life): void {
  const inOrder = (left: Job, right: Job) => isLow(left) - isLow(right) || left.order - right.order
  const next = () => life.jobs.filter(each => each.due <= life.now).sort(inOrder)[0]
  for (let job = next(); job; job = next()) {
    const taken = job
    life.jobs = life.jobs.filter(each => each !== taken)
    if (runJob(life, taken) === 'done') continue
    const tries = taken.tries + 1
    life.jobs.push({ ...taken, tries, due: life.now + SECOND * Math.exp(Math.min(tries, 10)) })
  }
}

/** One job, which may be a copy of one that ran long ago. */
export function runJob(life: Life, job: Job, meanwhile?: Meanwhile): 'done' | 'again' {
  const { kind, about } = job
  if (kind === 'process') {
    const end = process(life, about, meanwhile)
    if (end === 'done') settleSlotsOf(life, about)
    return end
  }
  if (kind === 'received') return receive(life, about)
  if (kind === 'remake') return remakeOne(life, job)
  const work = {
    import: () => fetchImport(life, about, job.extra),
    purge: () => purge(life, about),
    refused: () => emptyRefused(life, about),
    withdraw: () => withdraw(life, about, job.upTo),
    settle: () => settleById(life, about),
    advance: () => advance(life, about),
    retire: () => void life.retired.push(variantsName(about, job.upTo)),
  }
  work[kind]()
  return 'done'
}

/** The storage's event. Nothing there, or not what was announced, is looked at again later. */
function receive(life: Life, id: string): 'done' | 'again' {
  const picture = find(life, id)
  if (picture?.status !== 'pending_upload') return 'done'
  return settle(life, picture) === 'ok' ? 'done' : 'again'
}

/** Law V8: an attempt has a number, and only who has the current one may say how it ended. */
function process(life: Life, id: string, meanwhile?: Meanwhile): 'done' | 'again' {
  const picture = find(life, id)
  if (picture?.status === 'processing') countLost(picture)
  if (picture?.status !== 'uploaded') return 'done'
  picture.status = 'processing'
  picture.attempt += 1
  const attempt = picture.attempt
  const content = bringBytes(life, picture)
  meanwhile?.(life)
  const current = find(life, id)
  if (current?.status !== 'processing' || current.attempt !== attempt) return 'done'
  if (!life.engineWorks) return loseToEngine(current)
  if (life.damaged.includes(content)) return refuse(life, current, 'corrupt_image')
  Object.assign(current, { status: 'ready', failure: null, lostAttempts: 0, variantsOf: attempt, madeBy: life.version })
  return 'done'
}

/** Whoever had the attempt died with its process. */
function countLost(picture: Picture): void {
  picture.lostAttempts += 1
  if (picture.lostAttempts < LOST_TRIES) picture.status = 'uploaded'
  else Object.assign(picture, { status: 'failed', failure: 'attempts_lost' })
}

/** Reads the original; bytes that nobody had hashed are hashed now, and kept once. */
function bringBytes(life: Life, picture: Picture): string {
  const original = life.originals.find(each => each.project === picture.project && each.key === picture.original)
  if (!original) throw new Error(`${picture.id} is ${picture.status} without an original`)
  if (picture.sha256 === null) {
    const twin = originalOf(life, picture.project, original.content)
    if (twin) {
      life.originals = life.originals.filter(each => each !== original)
      picture.original = twin.key
    } else original.hashed = true
    picture.sha256 = original.content
  }
  return original.content
}

function refuse(life: Life, picture: Picture, failure: string): 'done' {
  Object.assign(picture, { status: 'failed', failure })
  enqueue(life, 'refused', picture.id)
  return 'done'
}

function loseToEngine(picture: Picture): 'done' | 'again' {
  picture.engineFailures += 1
  picture.status = picture.engineFailures >= ENGINE_TRIES ? 'failed' : 'uploaded'
  if (picture.status === 'failed') picture.failure = 'engine_crashed'
  return picture.status === 'failed' ? 'done' : 'again'
}

/** The regular care: it finds whatever lost its job, and takes what belongs to nothing. */
export function sweep(life: Life): void {
  rescueRuns(life)
  for (const picture of life.pictures) {
    const waits = ['uploaded', 'processing'].includes(picture.status) && picture.touchedAt < life.now - STRANDED_AFTER
    if (waits && !hasJob(life, 'process', picture)) enqueue(life, 'process', picture.id)
  }
  for (const picture of life.pictures) if (picture.status === 'pending_upload') settleAwaited(life, picture)
  for (const picture of [...life.pictures]) purge(life, picture.id)
  forget(life, new Set(life.pictures.filter(each => isForgettable(life, each)).map(each => each.id)))
  sweepSlots(life)
}

const hasJob = (life: Life, kind: Job['kind'], { id }: Picture): boolean =>
  life.jobs.some(each => each.kind === kind && each.about === id)

/** Bytes that came are taken, whoever did not say so; what nobody will bring any more fails. */
function settleAwaited(life: Life, picture: Picture): void {
  const { held, expiresAt, origin } = picture
  const isStale = expiresAt !== null && expiresAt < life.now - STALE_GRACE
  const isLost =
    origin === 'import' &&
    picture.touchedAt < life.now - STRANDED_AFTER &&
    expiresAt !== null &&
    expiresAt > life.now &&
    !hasJob(life, 'import', picture)
  if (held && (isStale || isLost || held.at > life.now - UNANNOUNCED)) settle(life, picture)
  else if (!held && (isStale || isLost)) {
    Object.assign(picture, { status: 'failed', failure: isStale ? 'upload_expired' : 'import_lost' })
    enqueue(life, 'refused', picture.id)
  }
}

/** With the record of an image goes whatever names it. */
function forget(life: Life, ids: ReadonlySet<string>): void {
  life.pictures = life.pictures.filter(each => !ids.has(each.id))
  for (const place of life.places) place.placings = place.placings.filter(each => !ids.has(each.picture))
  for (const shelf of life.shelves) {
    shelf.pictures = shelf.pictures.filter(id => !ids.has(id))
    if (shelf.primary !== null && ids.has(shelf.primary)) shelf.primary = null
  }
}

const isForgettable = (life: Life, { purge: state, deletedAt, expiresAt }: Picture): boolean =>
  state === 'purged' &&
  deletedAt !== null &&
  deletedAt < life.now - RECORD_LIFE &&
  (expiresAt === null || expiresAt < life.now - RECORD_LIFE)
