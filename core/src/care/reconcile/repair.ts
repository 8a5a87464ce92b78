import type { Stores } from '../../database.ts'
import type { Image } from '../../images/index.ts'
import { lookAgain, stillStray, stillTrue } from './confirm.ts'
import { enqueueMend } from './mend-image.ts'
import type { Finding, FindingOutcome } from './reconcile-store.ts'
import { type Candidate, careOf, type ReconcileDeps, type Round } from './round.ts'

/**
 * Repairs findings, each looked at once more in the transaction that repairs it; what holds no longer is left out. Storage is asked
 * before a transaction and written after it, never inside.
 */
export async function repair(
  deps: ReconcileDeps,
  round: Round,
  held: readonly Candidate[],
): Promise<readonly Finding[]> {
  const strays = held.filter(({ finding }) => finding.kind === 'unreferenced')
  const settled = await removeStrays(deps, round, strays)
  for (const candidate of held) {
    if (candidate.finding.kind === 'unreferenced') continue
    const finding = await repairRow(deps, round, candidate)
    if (finding) settled.push(finding)
  }
  return settled
}

/** A key without a row never gets one again (keys are minted once), so that nothing can come between the look and the removal. */
async function removeStrays(deps: ReconcileDeps, round: Round, strays: readonly Candidate[]): Promise<Finding[]> {
  if (strays.length === 0) return []
  const own = await deps.database.transaction(async tx =>
    stillTrue(tx, round, strays, await stillStray(tx, strays, round.scope.projectIds)),
  )
  if (own.length === 0) return []
  const failed = new Set(
    await deps.blobs.remove(
      own.map(({ finding }) => finding.key),
      careOf(round.run),
    ),
  )
  return own.map(({ finding }) => outcomeOf(finding, failed.has(finding.key) ? 'found' : 'removed'))
}

async function repairRow(deps: ReconcileDeps, round: Round, candidate: Candidate): Promise<Finding | null> {
  const [fresh] = await lookAgain(deps, round, [candidate])
  if (!fresh) return null
  const canRemake = await hasOriginal(deps, round, fresh.finding)
  return deps.database.transaction(async tx => {
    await lockRow(tx, fresh.finding)
    const [held] = await stillTrue(tx, round, [fresh], new Set())
    if (!held) return null
    const at = deps.clock.now()
    const { finding } = held
    if (finding.imageId === null) return outcomeOf(finding, await settleOriginal(tx, finding, at))
    return outcomeOf(finding, await settleVariant(tx, finding, { at, canRemake, requestId: round.requestId }))
  })
}

const outcomeOf = (finding: Finding, outcome: FindingOutcome): Finding => ({ ...finding, outcome })

async function lockRow(tx: Stores, { projectId, imageId, key }: Finding): Promise<void> {
  if (projectId === null) return
  if (imageId === null) await tx.originals.lockByKey(projectId, key)
  else await tx.images.load(projectId, imageId, { lock: true })
}

async function hasOriginal({ database, blobs }: ReconcileDeps, { run }: Round, finding: Finding): Promise<boolean> {
  if (finding.projectId === null || finding.imageId === null) return false
  const image = await database.images.load(finding.projectId, finding.imageId)
  if (!image?.originalKey) return false
  return (await blobs.head(image.originalKey, careOf(run))) !== null
}

async function settleVariant(
  tx: Stores,
  { projectId, imageId, key }: Finding,
  how: { at: Date; canRemake: boolean; requestId: string },
): Promise<FindingOutcome> {
  const image = projectId && imageId ? await tx.images.load(projectId, imageId) : null
  if (!image) return 'found'
  if (how.canRemake) {
    await enqueueMend(tx, image, how.requestId)
    return 'requeued'
  }
  const [folder, file] = key.split('/').slice(-2)
  await note(tx, image, `variant ${folder}/${file} is lost, and there is no original to make it of`, how.at)
  return 'recorded'
}

/** An original that is gone is told so to whoever asks for it; one of the wrong size stays, for a person to look at. */
async function settleOriginal(tx: Stores, finding: Finding, at: Date): Promise<FindingOutcome> {
  const { projectId, key, kind, expectedBytes, actualBytes } = finding
  if (projectId === null) return 'found'
  const images = await tx.images.findByOriginal(projectId, key)
  const gone = kind === 'missing_original'
  const detail = gone
    ? 'original gone: storage does not hold it'
    : `original damaged: storage holds ${actualBytes} bytes of ${expectedBytes}`
  for (const image of images) await note(tx, image, detail, at)
  if (!gone) return 'recorded'
  await tx.originals.remove(projectId, key)
  const storedBytes = -(expectedBytes ?? 0)
  await tx.usage.record([{ projectId, cause: `purged:${key}`, purpose: 'original', storedBytes }])
  return 'recorded'
}

const note = (tx: Stores, image: Pick<Image, 'id' | 'projectId'>, detail: string, at: Date): Promise<void> =>
  tx.reconcile.noteHistory({ projectId: image.projectId, imageId: image.id }, detail, at)
