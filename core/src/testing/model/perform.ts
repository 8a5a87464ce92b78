import { sweepSlots } from '../../entities/index.ts'
import { DomainError } from '../../errors.ts'
import {
  acceptUpload,
  beginUpload,
  completeUpload,
  deleteImage,
  importImage,
  originalKey,
  receiveUpload,
  rescueRemakes,
  restoreImage,
  retryImage,
  sweep,
} from '../../images/index.ts'
import { bodyOf } from '../contracts/bytes.ts'
import type { Fault } from '../faults.ts'
import { contentOf, hashAt } from './grounds.ts'
import { type Job, type Life, ORPHAN_GRACE } from './life.ts'
import { idOf, lateJob, type Names, type Operation, URLS } from './operations.ts'
import { performOnGallery, performOnRun, performOnSlot } from './perform-belongings.ts'
import { handlersOf, mortalHandlers, projectAt, type Stage, type Told } from './stage.ts'

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
    case 'import':
      return startImport(stage, op)
    case 'replace':
    case 'set':
    case 'undo':
    case 'clear':
      return performOnSlot(stage, op, op.do === 'set' ? idOf(known, op.n) : '')
    case 'hang':
    case 'add':
    case 'primary':
    case 'takeDown':
    case 'turn':
    case 'deleteEntity':
      return performOnGallery(stage, op, 'n' in op ? idOf(known, op.n) : '', life)
    case 'remake':
    case 'steer':
      return performOnRun(stage, op)
    case 'race':
      return race(stage, op, known, life, isDead)
    default:
      return passTime(stage, op, life, isDead)
  }
}

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

async function startImport(stage: Stage, op: Extract<Operation, { do: 'import' }>): Promise<Told> {
  const input = { projectId: projectAt(stage, op.project), url: URLS[op.url % URLS.length] ?? '' }
  const image = await importImage(stage.deps, stage.owner, { ...input, detectionTypes: null, priority: null })
  return { answer: 'new', fresh: image.id }
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
  await runLate(stage, { kind: 'process', about: id, upTo: 0, extra: '' }, life)
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
  if (op.do === 'sweep') await runSweep(stage)
  if (op.do === 'break') engine.works = false
  if (op.do === 'mend') engine.works = true
  if (op.do === 'upgrade') engine.version = `fake-${life.version + 1}`
  const late = op.do === 'late' ? lateJob(life, op.n) : undefined
  if (late) await runLate(stage, late, life)
  return ok
}

/** The job `care.sweep`, as far as images and what they are for go. */
export async function runSweep({ deps }: Stage): Promise<void> {
  await rescueRemakes(deps, { requestId: 'sweep' })
  await sweep(deps, { requestId: 'sweep', orphanGraceMs: ORPHAN_GRACE })
  await sweepSlots(deps, 'sweep')
}

const nothing = async () => {}
/** They say that they have done their work. */
const forgetful = {
  ...{ 'image.process': nothing, 'image.received': nothing, 'image.purge': nothing },
  ...{ 'tombstones.purge': nothing, 'tombstones.withdraw': nothing, 'slot.settle': nothing },
  ...{ 'image.import': nothing, 'image.remake': nothing, 'remake.advance': nothing },
}

/** A job that the queue knows nothing of, because it gave it to somebody else long ago. */
async function runLate(stage: Stage, job: Pick<Job, 'kind' | 'about' | 'upTo' | 'extra'>, life: Life): Promise<void> {
  const projectId = life.past.length > 0 ? projectOf(stage, life, job.about) : null
  if (projectId === null) return
  const handlers = handlersOf(stage)
  const { about: imageId, extra } = job
  const one = { projectId, imageId, requestId: 'late' }
  const run = { attempt: 1, maxAttempts: 20, firstQueuedAt: stage.clock.now() }
  const slotId = [...stage.slotIds].findLast(([, place]) => place === job.about)?.[0] ?? ''
  const work: Record<Job['kind'], () => Promise<void>> = {
    process: () => handlers['image.process'](one, run),
    received: () => handlers['image.received'](one),
    import: () => handlers['image.import']({ ...one, url: extra }, run),
    refused: () => handlers['image.purge'](one),
    purge: () => handlers['tombstones.purge']({ projectId, imageIds: [imageId], requestId: 'late' }),
    withdraw: () => {
      const images = [{ imageId, attempt: job.upTo }]
      return handlers['tombstones.withdraw']({ projectId, images, requestId: 'late' })
    },
    settle: () => handlers['slot.settle']({ projectId, slotId, requestId: 'late' }),
    advance: () => handlers['remake.advance']({ projectId, runId: job.about, requestId: 'late' }),
    remake: () => handlers['image.remake']({ ...one, runId: extra }, run),
    retire: nothing,
  }
  // The queue would try again; a copy is not.
  await work[job.kind]().catch(ignoreRefusal)
}

const projectOf = (stage: Stage, life: Life, about: string): string | null =>
  [...life.pictures, ...life.places, ...life.runs].find(each => each.id === about)?.project ??
  stage.projects[0]?.id ??
  null
