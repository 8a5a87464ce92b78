import { DomainError } from '../../errors.ts'
import {
  acceptUpload,
  beginUpload,
  completeUpload,
  deleteImage,
  originalKey,
  receiveUpload,
  restoreImage,
  retryImage,
  sweep,
} from '../../images/index.ts'
import { bodyOf } from '../contracts/bytes.ts'
import type { Fault } from '../faults.ts'
import { contentOf, HASHES } from './grounds.ts'
import { type Job, type Life, ORPHAN_GRACE } from './life.ts'
import { idOf, lateJob, type Names, type Operation } from './operations.ts'
import { handlersOf, mortalHandlers, type Stage } from './stage.ts'

/** What the product answered, and the id of an image that it made. */
export interface Told {
  answer: string
  fresh: string | null
}

type Known = Pick<Names, 'ids'>
const ok: Told = { answer: 'ok', fresh: null }

/** Does the operation on the product. Errors are answers: their code, or `lost` where an injected failure came through. */
export async function perform(
  stage: Stage,
  op: Operation,
  known: Known,
  life: Life,
  fault?: Fault | 'planned',
): Promise<Told> {
  if (fault !== 'planned') stage.faults.revive()
  if (fault && fault !== 'planned') stage.faults.plan(fault)
  const isDead = () => stage.faults.struck && fault !== 'planned' && fault?.kill === true
  try {
    return await act(stage, op, known, life, isDead)
  } catch (error) {
    if (error instanceof DomainError) return { answer: error.code, fresh: null }
    if (stage.faults.struck) return { answer: 'lost', fresh: null }
    throw error
  } finally {
    stage.engine.meanwhile = null
  }
}

function act(stage: Stage, op: Operation, known: Known, life: Life, isDead: () => boolean): Promise<Told> {
  switch (op.do) {
    case 'upload':
      return upload(stage, op)
    case 'begin':
      return begin(stage, op)
    case 'send':
    case 'put':
      return op.do === 'send' ? send(stage, idOf(known, op.n), op.content) : put(stage, idOf(known, op.n), op.content)
    case 'complete':
    case 'delete':
    case 'restore':
    case 'retry':
      return change(stage, op.do, idOf(known, op.n))
    case 'race':
      return race(stage, op, known, life, isDead)
    default:
      return passTime(stage, op, life, isDead)
  }
}

const hashAt = (n: number): string => HASHES[n % HASHES.length] ?? ''
const projectAt = (stage: Stage, n: number): string => stage.projects[n % stage.projects.length]?.id ?? ''

async function upload(stage: Stage, op: Extract<Operation, { do: 'upload' }>): Promise<Told> {
  const { image, duplicate } = await acceptUpload(stage.deps, stage.owner, async takeFile => {
    const body = bodyOf(contentOf(hashAt(op.content)))
    await takeFile({ body, fileName: 'roof.jpg', declaredType: 'image/jpeg' })
    return { project_id: projectAt(stage, op.project) }
  })
  return duplicate ? { answer: `duplicate ${image.id}`, fresh: null } : { answer: 'new', fresh: image.id }
}

async function begin(stage: Stage, op: Extract<Operation, { do: 'begin' }>): Promise<Told> {
  const sha256 = op.announced === null ? null : hashAt(op.announced)
  const begun = await beginUpload(stage.deps, stage.owner, {
    ...{ projectId: projectAt(stage, op.project), fileName: 'roof.jpg', declaredType: 'image/jpeg', sha256 },
    sizeBytes: sha256 === null ? null : contentOf(sha256).length,
    ...{ detectionTypes: null, priority: null },
  })
  if (begun.duplicate) return { answer: `duplicate ${begun.imageId}`, fresh: null }
  return { answer: 'new', fresh: begun.imageId }
}

async function send(stage: Stage, id: string, content: number): Promise<Told> {
  const terms = stage.deps.uploads.signed.find(each => each.imageId === id)
  if (!terms) return { answer: 'skipped', fresh: null }
  await receiveUpload(stage.deps, { terms, body: bodyOf(contentOf(hashAt(content))), requestId: 'storage' })
  return ok
}

/** A foreign storage takes bytes once, and does not ask us. */
async function put(stage: Stage, id: string, content: number): Promise<Told> {
  const terms = stage.deps.uploads.signed.find(each => each.imageId === id)
  if (!terms || stage.held.bytes(originalKey(id))) return { answer: 'skipped', fresh: null }
  const options = { maxBytes: 10_000, contentType: 'image/jpeg' }
  const by = { projectId: terms.projectId, purpose: 'original' as const }
  await stage.held.put(originalKey(id), bodyOf(contentOf(hashAt(content))), options, by)
  return ok
}

async function change(stage: Stage, what: 'complete' | 'delete' | 'restore' | 'retry', imageId: string): Promise<Told> {
  const { deps, owner } = stage
  if (what === 'complete') await completeUpload(deps, owner, { imageId, sha256: null })
  if (what === 'delete') await deleteImage(deps, owner, { imageId })
  if (what === 'restore') await restoreImage(deps, owner, { imageId })
  if (what === 'retry') await retryImage(deps, owner, { imageId })
  return ok
}

async function race(
  stage: Stage,
  op: Extract<Operation, { do: 'race' }>,
  known: Known,
  life: Life,
  isDead: () => boolean,
): Promise<Told> {
  const id = idOf(known, op.n)
  stage.engine.meanwhile = async () => {
    for (const each of op.meanwhile) await act(stage, each, known, life, isDead).catch(ignoreRefusal)
  }
  await runLate(stage, { kind: 'process', picture: id, upTo: 0 }, life)
  return ok
}

/** Whoever is refused goes home; anything else is a defect. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof DomainError)) throw error
}

async function passTime(stage: Stage, op: Operation, life: Life, isDead: () => boolean): Promise<Told> {
  const { ground, engine } = stage
  if (op.do === 'pass') {
    stage.clock.advance(op.milliseconds)
    await ground.pass(op.milliseconds)
  }
  if (op.do === 'jobs') await ground.runDue(mortalHandlers(stage, isDead))
  if (op.do === 'lose') await ground.runDue(forgetful)
  if (op.do === 'sweep') await sweep(stage.deps, { requestId: 'sweep', orphanGraceMs: ORPHAN_GRACE })
  if (op.do === 'break') engine.works = false
  if (op.do === 'mend') engine.works = true
  const late = op.do === 'late' ? lateJob(life, op.n) : undefined
  if (late) await runLate(stage, late, life)
  return ok
}

const nothing = async () => {}
/** They say that they have done their work. */
const forgetful = {
  ...{ 'image.process': nothing, 'image.received': nothing, 'image.purge': nothing },
  ...{ 'tombstones.purge': nothing, 'tombstones.withdraw': nothing },
}

/** A job that the queue knows nothing of, because it gave it to somebody else long ago. */
async function runLate(stage: Stage, job: Pick<Job, 'kind' | 'picture' | 'upTo'>, life: Life): Promise<void> {
  const projectId = life.past.length > 0 ? projectOf(stage, life, job.picture) : null
  if (projectId === null) return
  const handlers = handlersOf(stage)
  const one = { projectId, imageId: job.picture, requestId: 'late' }
  const run = { attempt: 1, maxAttempts: 20, firstQueuedAt: stage.clock.now() }
  const work = {
    process: () => handlers['image.process'](one, run),
    received: () => handlers['image.received'](one),
    refused: () => handlers['image.purge'](one),
    purge: () => handlers['tombstones.purge']({ projectId, imageIds: [job.picture], requestId: 'late' }),
    withdraw: () => {
      const images = [{ imageId: job.picture, attempt: job.upTo }]
      return handlers['tombstones.withdraw']({ projectId, images, requestId: 'late' })
    },
  }
  // The queue would try again; a copy is not.
  await work[job.kind]().catch(ignoreRefusal)
}

const projectOf = (stage: Stage, life: Life, id: string): string | null =>
  life.pictures.find(each => each.id === id)?.project ?? stage.projects[0]?.id ?? null
