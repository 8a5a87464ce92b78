import {
  addToGallery,
  clearSlot,
  deleteEntity,
  orderGallery,
  removeFromGallery,
  replaceSlot,
  setPrimary,
  setSlot,
  undoSlot,
  uploadToGallery,
} from '../../entities/index.ts'
import { remakeProject, steerRemake } from '../../images/index.ts'
import { bodyOf } from '../contracts/bytes.ts'
import { shownOn } from './galleries.ts'
import { contentOf, hashAt } from './grounds.ts'
import type { Life } from './life.ts'
import { ENTITY } from './observe-belongings.ts'
import { type Operation, SLOTS } from './operations.ts'
import { projectAt, type Stage, type Told } from './stage.ts'

type OfBelongings = Extract<Operation, { project: number }>
type OfSlot = Extract<OfBelongings, { slot: number }>
type OfGallery = Extract<OfBelongings, { do: 'hang' | 'add' | 'primary' | 'takeDown' | 'turn' | 'deleteEntity' }>
type OfRun = Extract<OfBelongings, { do: 'remake' | 'steer' }>

const ok: Told = { answer: 'ok', fresh: null }

const formOf = (projectId: string, content: number) => async (takeFile: TakeFile) => {
  const body = bodyOf(contentOf(hashAt(content)))
  await takeFile({ body, fileName: 'roof.jpg', declaredType: 'image/jpeg', projectId })
  return { projectId, sha256: null, caption: null }
}
type TakeFile = Parameters<Parameters<typeof replaceSlot>[3]>[0]

export async function performOnSlot({ deps, owner, ...stage }: Stage, op: OfSlot, imageId: string): Promise<Told> {
  const projectId = projectAt(stage, op.project)
  const address = { ...ENTITY, slot: SLOTS[op.slot % SLOTS.length] ?? '' }
  const input = { ...address, projectId }
  if (op.do === 'replace') {
    const replaced = await replaceSlot(deps, owner, address, formOf(projectId, op.content))
    return { answer: 'new', fresh: replaced.imageId }
  }
  if (op.do === 'set') await setSlot(deps, owner, { ...input, imageId })
  if (op.do === 'undo') await undoSlot(deps, owner, input)
  if (op.do === 'clear') await clearSlot(deps, owner, input)
  return ok
}

export async function performOnGallery(
  { deps, owner, ...stage }: Stage,
  op: OfGallery,
  imageId: string,
  life: Life,
): Promise<Told> {
  const projectId = projectAt(stage, op.project)
  const input = { ...ENTITY, projectId }
  if (op.do === 'hang') {
    const added = await uploadToGallery(deps, owner, ENTITY, formOf(projectId, op.content))
    return { answer: 'new', fresh: added.imageId }
  }
  if (op.do === 'add') await addToGallery(deps, owner, { ...input, imageId, caption: null })
  if (op.do === 'primary') await setPrimary(deps, owner, { ...input, imageId })
  if (op.do === 'takeDown') await removeFromGallery(deps, owner, { ...input, imageId })
  if (op.do === 'turn') await orderGallery(deps, owner, { ...input, imageIds: shownOn(life, projectId).reverse() })
  if (op.do === 'deleteEntity') await deleteEntity(deps, owner, input)
  return ok
}

export async function performOnRun({ deps, owner, runIds, ground, ...stage }: Stage, op: OfRun): Promise<Told> {
  const projectId = projectAt(stage, op.project)
  if (op.do === 'remake') {
    const { id } = await remakeProject(deps, owner, { projectId, imageIds: null })
    runIds.add(id)
    return { answer: 'new run', fresh: id }
  }
  const run = await ground.database.remakes.findActive(projectId)
  if (!run) return { answer: 'no run', fresh: null }
  const action = ({ paused: 'pause', running: 'resume', cancelled: 'cancel' } as const)[op.to]
  await steerRemake(deps, owner, { runId: run.id, action })
  return ok
}
