import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { JobState } from '../jobs/index.ts'
import { processingKey } from './enqueue.ts'
import { explainStep, type Step } from './explain-steps.ts'
import { getImage } from './get-image.ts'
import { type Image, type ImageStatus, isVerdict } from './image.ts'
import { importKey } from './import-image.ts'

/** What happened to an image and what happens next, in plain words. */
export interface Explanation {
  summary: string
  steps: readonly Step[]
  waitingFor: string | null
  nextRetryAt: Date | null
}

/** `GET /images/{id}/explain`: for everybody who may see the image, and for people who have never seen a queue. */
export async function explainImage(
  deps: { database: Database },
  ctx: Context,
  input: { imageId: string },
): Promise<Explanation> {
  const image = await getImage(deps, ctx, input)
  const key = jobKeyOf(image)
  const job = key === null ? null : await deps.database.jobs.find(key)
  const { sizeBytes: arrived } =
    image.status === 'pending_upload'
      ? await deps.database.uploadChunks.findProgress(image.projectId, image.id)
      : { sizeBytes: 0 }
  const steps = image.history.map((entry, index) => explainStep(entry, image.history[index - 1] ?? null, image.origin))
  return { steps, ...EXPLAIN[image.status](image, job, arrived) }
}

/** The job that takes an image on from where it is; null where none does. */
function jobKeyOf({ id, status, origin }: Image): string | null {
  if (status === 'pending_upload') return origin === 'import' ? importKey(id) : null
  return status === 'uploaded' || status === 'processing' ? processingKey(id) : null
}

type Told = Omit<Explanation, 'steps'>
/** `arrived`: bytes of an upload that comes in pieces. */
type Explain = (image: Image, job: JobState | null, arrived: number) => Told

const told = (summary: string, waitingFor: string | null = null, nextRetryAt: Date | null = null): Told => ({
  ...{ summary, waitingFor, nextRetryAt },
})

const time = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`

const EXPLAIN: Record<ImageStatus, Explain> = {
  pending_upload: (image, job, arrived) => {
    const { uploadExpiresAt, sizeBytes, declaredSize } = image
    if (image.origin === 'import') return explainImport(image, job)
    const until = uploadExpiresAt === null ? '' : ` It takes them until ${time(uploadExpiresAt)}.`
    if (sizeBytes !== null)
      return told('The bytes have arrived and are about to be accepted.', 'the check of what storage holds')
    if (arrived > 0) return told(`${arrived} of ${declaredSize} bytes have arrived.${until}`, 'the rest of the bytes')
    return told(`An upload URL was given out and nothing has arrived at it yet.${until}`, 'the bytes at the upload URL')
  },
  uploaded: explainUploaded,
  processing: (image, job) => {
    const by = job?.state === 'running' && job.worker !== null ? ` by worker ${job.worker}` : ''
    if (job?.state === 'running')
      return told(`Its variants are being made${by}: attempt ${image.attempt}.`, 'the end of this attempt')
    return told(
      `Attempt ${image.attempt} was taken up and is no longer being worked on: its process ended. It is tried again by itself.`,
      job?.state === 'waiting' ? 'a free worker' : 'the next sweep, which gives it a new job',
      job?.state === 'waiting' ? job.runAt : null,
    )
  },
  ready: ({ variants, notes, analysis }) => {
    const names = new Set(variants.map(variant => variant.name)).size
    const noted = notes.length === 0 ? '' : ` ${notes.join(' ')}`
    return told(
      `It is ready: ${variants.length} files of ${names} variants can be delivered.${noted}${ANALYSIS[analysis.status]}`,
      ANALYSIS_WAITS[analysis.status],
    )
  },
  failed: explainFailed,
  deleted: ({ purgeAt, formerStatus }) => {
    if (purgeAt === null || formerStatus === null)
      return told('It was deleted with its project and goes with everything in it.')
    return told(
      `It was deleted when it was ${STATUS_WORDS[formerStatus]}. It can be restored until ${time(purgeAt)}; then its original and all its variants are removed for good.`,
      'the end of its retention, or a restore',
    )
  },
}

const ANALYSIS: Record<Image['analysis']['status'], string> = {
  none: '',
  queued: ' The detection pipeline was asked to analyse it.',
  processing: ' The detection pipeline is analysing it.',
  completed: ' The detection pipeline has analysed it.',
  failed: ' The detection pipeline could not analyse it; the message can be sent again.',
}

const ANALYSIS_WAITS: Record<Image['analysis']['status'], string | null> = {
  ...{ none: null, completed: null, failed: null },
  queued: 'the detection pipeline to begin',
  processing: 'the report of the detection pipeline',
}

const STATUS_WORDS: Record<ImageStatus, string> = {
  pending_upload: 'waiting for its bytes',
  uploaded: 'waiting to be processed',
  processing: 'being processed',
  ready: 'ready',
  failed: 'failed',
  deleted: 'deleted',
}

function explainImport({ sizeBytes }: Image, job: JobState | null): Told {
  const fetched = 'Its bytes are fetched from the URL of its import.'
  if (sizeBytes !== null) return told(`${fetched} They have arrived.`, 'the check of what storage holds')
  if (job?.state === 'running') return told(`${fetched} ${workerOf(job)} is at it.`, 'the other server')
  if (job?.state === 'waiting') {
    const tried =
      job.attempt > 0 ? ` ${triesOf(job.attempt)} came to nothing so far; the other server may be away.` : ''
    return told(`${fetched}${tried}`, 'its turn', job.attempt > 0 ? job.runAt : null)
  }
  return told(
    `${fetched} The job that did so was lost.`,
    'the next sweep, which looks for the bytes and else gives it up',
  )
}

const workerOf = ({ worker }: JobState): string => (worker === null ? 'A worker' : `Worker ${worker}`)
const triesOf = (count: number): string => (count === 1 ? 'One try' : `${count} tries`)

function explainUploaded(image: Image, job: JobState | null): Told {
  const begun = image.attempt === 0 ? 'No attempt has begun yet.' : `Attempts so far: ${image.attempt}.`
  const last = image.history.at(-1)
  const reason = last && image.attempt > 0 ? explainStep(last, null).detail : null
  const stored = ['Its bytes are stored.', begun, ...(reason === null ? [] : [reason])].join(' ')
  if (job?.state === 'running') return told(`${stored} ${workerOf(job)} is just taking it up.`, 'the worker')
  if (job?.state === 'waiting') return told(stored, 'a free worker', job.attempt > 0 ? job.runAt : null)
  return told(stored, 'the next sweep, which gives it a new job')
}

function explainFailed({ failure, originalKey }: Image): Told {
  const reason = failure === null ? '' : ` ${failure.detail}`
  if (isVerdict(failure?.code ?? '') || originalKey === null)
    return told(`It failed for good.${reason} Its bytes are removed; this record tells why.`)
  return told(
    `It failed.${reason} Its original is kept, and it can be tried again by hand.`,
    'somebody who tries it again',
  )
}
