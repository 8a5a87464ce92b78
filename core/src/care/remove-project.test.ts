import { describe, expect, it } from 'vitest'
import { createProject, deleteOrganization, deleteProject } from '../access/index.ts'
import { newId } from '../ids.ts'
import {
  beginUpload,
  completeUpload,
  deleteImage,
  originalKey,
  processImage,
  receiveUpload,
  storageUnavailable,
} from '../images/index.ts'
import {
  bodyOf,
  createTeam,
  everyFault,
  findDisorder,
  firstRun,
  sampleBytes,
  seedProject,
  type Team,
  upload,
  type World,
} from '../testing/index.ts'
import { removeOrganization } from './remove-organization.ts'
import { removeProject } from './remove-project.ts'

const FILE = { fileName: 'a.jpg', declaredType: 'image/jpeg', sha256: null, sizeBytes: 900 }
const MORE = { detectionTypes: null, priority: null }

/** A project with an image in every state, and another project beside it. */
async function fullProject() {
  const team = await createTeam()
  const { world, deps } = team
  const other = await createProject(deps, world.owner, { name: 'other', settings: {} })
  const kept = await upload(world, sampleBytes(700), { fields: { project_id: other.id } })
  for (const size of [1_000, 1_100, 1_200]) await upload(world, sampleBytes(size))
  await world.runJobs()
  const { image: deleted } = await upload(world, sampleBytes(1_300))
  await deleteImage(deps, world.owner, { imageId: deleted.id })
  await world.runJobs()
  const { image: waiting } = await upload(world, sampleBytes(1_400))
  const begun = await beginUpload(deps, world.owner, { ...FILE, ...MORE, projectId: world.project.id })
  await put(world, begun.imageId, world.project.id)
  return { ...team, other, kept: kept.image, waiting, pending: begun.imageId }
}

const put = ({ blobs }: World, imageId: string, projectId: string) =>
  blobs.put(
    originalKey(imageId),
    bodyOf(sampleBytes(900)),
    { maxBytes: 9_999, contentType: 'image/jpeg' },
    { projectId, purpose: 'original' },
  )

/** Nothing of the project is left, and everything of the other one. */
function expectRemoved({ world }: Team, projectId: string, keptId: string): void {
  const state = world.memory.inspect()
  for (const table of [state.images, state.originals])
    expect([...table.values()].filter(row => row.projectId === projectId)).toEqual([])
  expect(state.projects.has(projectId)).toBe(false)
  expect(state.events.filter(event => event.projectId === projectId)).toEqual([])
  expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  expect(world.blobs.keys().filter(key => key.includes(keptId))).toHaveLength(7)
  let stored = 0
  for (const entry of state.usage.values()) if (entry.projectId === projectId) stored += entry.storedBytes ?? 0
  expect(stored).toBe(0)
}

describe('a deleted project', () => {
  it('loses every byte and every row, and its neighbour none', async () => {
    const scene = await fullProject()
    const { world, deps, kept } = scene
    await deleteProject(deps, world.owner, { projectId: world.project.id })
    await world.runJobs()
    expectRemoved(scene, world.project.id, kept.id)
    expect(await world.memory.projects.findRevoked(world.clock.now())).toEqual([world.project.id])
    await removeProject(deps, { projectId: world.project.id, requestId: 'again' })
  })

  it('does so whichever call fails, loses its answer or is the last before a kill', async () => {
    const faults = await everyFault({
      scene: async () => {
        const scene = await fullProject()
        await deleteProject(scene.deps, scene.world.owner, { projectId: scene.world.project.id })
        return scene
      },
      act: ({ world, deps }) => removeProject(deps, { projectId: world.project.id, requestId: 'first' }),
      check: async scene => {
        const { world, deps, kept } = scene
        await removeProject(deps, { projectId: world.project.id, requestId: 'second' })
        expectRemoved(scene, world.project.id, kept.id)
      },
    })
    expect(faults).toBeGreaterThan(30)
  })

  it('is not touched while it is there', async () => {
    const { world, deps } = await fullProject()
    const before = world.blobs.keys()
    await removeProject(deps, { projectId: world.project.id, requestId: 'early' })
    expect(world.blobs.keys()).toEqual(before)
  })

  it('keeps its rows while storage does not let go', async () => {
    const scene = await fullProject()
    const { world, deps, kept } = scene
    await deleteProject(deps, world.owner, { projectId: world.project.id })
    const stubborn = { ...deps, blobs: { ...deps.blobs, remove: async (keys: readonly string[]) => keys } }
    const removed = removeProject(stubborn, { projectId: world.project.id, requestId: 'r' })
    await expect(removed).rejects.toMatchObject({ code: storageUnavailable().code })
    expect(await world.memory.projects.findDeleted(world.project.id)).not.toBeNull()
    await world.runJobs()
    expectRemoved(scene, world.project.id, kept.id)
  })

  it('leaves what another project keeps under the id of an image that moved here', async () => {
    const { world, deps, other, pending } = await fullProject()
    const projectId = world.project.id
    const objectKey = originalKey(pending)
    await world.memory.originals.add({ projectId: other.id, objectKey, sha256: null, sizeBytes: 900 })
    await deleteProject(deps, world.owner, { projectId })
    await world.runJobs()
    expect(world.memory.inspect().projects.has(projectId)).toBe(false)
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    expect(world.blobs.keys()).toContain(objectKey)
  })

  it('leaves nothing of a picture that was being processed', async () => {
    const faults = await everyFault({
      scene: fullProject,
      act: ({ world, deps, waiting }) =>
        processImage(deps, { projectId: waiting.projectId, imageId: waiting.id, requestId: 'r' }, firstRun(world)),
      check: async scene => {
        const { world, deps, kept } = scene
        await deleteProject(deps, world.owner, { projectId: world.project.id })
        await world.runJobs()
        expectRemoved(scene, world.project.id, kept.id)
      },
    })
    expect(faults).toBeGreaterThan(20)
  })

  it('leaves nothing of a picture whose attempt ends after everything is gone', async () => {
    const scene = await fullProject()
    const { world, deps, kept, waiting } = scene
    const { render } = world.engine
    world.engine.render = async request => {
      await deleteProject(deps, world.owner, { projectId: world.project.id })
      await removeProject(deps, { projectId: world.project.id, requestId: 'r' })
      return render(request)
    }
    const payload = { projectId: waiting.projectId, imageId: waiting.id, requestId: 'r' }
    expect(await processImage(deps, payload, firstRun(world))).toMatchObject({ outcome: 'superseded' })
    world.engine.render = render
    expectRemoved(scene, world.project.id, kept.id)
  })
})

describe('uploads into a project that is deleted meanwhile', () => {
  it('end without leaving bytes, through the API', async () => {
    for (const removed of [false, true]) {
      const scene = await fullProject()
      const { world, deps, kept } = scene
      const body = bodyOf(sampleBytes(2_000))
      const { blobs } = deps
      const during = {
        ...world,
        deps: {
          ...deps,
          blobs: {
            ...blobs,
            put: async (...args: Parameters<typeof blobs.put>) => {
              const stored = await blobs.put(...args)
              await deleteProject(deps, world.owner, { projectId: world.project.id })
              if (removed) await removeProject(deps, { projectId: world.project.id, requestId: 'r' })
              return stored
            },
          },
        },
      }
      const sent = upload(during, Buffer.alloc(0), { body, fields: { project_id: world.project.id } })
      await expect(sent).rejects.toMatchObject({ code: 'not_found' })
      await world.runJobs()
      expectRemoved(scene, world.project.id, kept.id)
    }
  })

  it('end without leaving bytes, at a signed URL', async () => {
    for (const when of ['before', 'during', 'after all is gone'] as const) {
      const scene = await fullProject()
      const { world, deps, kept } = scene
      const projectId = world.project.id
      const { imageId } = await beginUpload(deps, world.owner, { ...FILE, ...MORE, projectId })
      const [terms] = deps.uploads.signed.slice(-1)
      if (!terms) throw new Error('Nothing was signed')
      const drop = async () => {
        await deleteProject(deps, world.owner, { projectId })
        if (when === 'after all is gone') await removeProject(deps, { projectId, requestId: 'r' })
      }
      if (when === 'before') await drop()
      const { blobs } = deps
      const slow = {
        ...blobs,
        put: async (...args: Parameters<typeof blobs.put>) => {
          const stored = await blobs.put(...args)
          await drop()
          return stored
        },
      }
      const sent = receiveUpload(
        { ...deps, blobs: when === 'before' ? blobs : slow },
        { terms, body: bodyOf(sampleBytes(900)), requestId: 'r' },
      )
      if (when === 'during') await sent
      else await expect(sent).rejects.toMatchObject({ code: when === 'before' ? 'not_found' : 'upload_expired' })
      const completed = completeUpload(deps, world.owner, { imageId, sha256: null })
      await expect(completed).rejects.toMatchObject({ code: 'not_found' })
      await world.runJobs()
      expectRemoved(scene, projectId, kept.id)
    }
  })
})

describe('a deleted organisation', () => {
  const emptied = async ({ world, organizationId }: Team) => {
    const state = world.memory.inspect()
    expect([...state.organizations.keys()]).not.toContain(organizationId)
    for (const table of [state.projects, state.memberships, state.invitations, state.apiKeys, state.securityLog])
      expect([...table.values()].filter(row => row.organizationId === organizationId)).toEqual([])
    expect(state.images.size).toBe(1)
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    expect(world.blobs.keys()).toHaveLength(1)
  }

  async function twoOrganizations() {
    const scene = await fullProject()
    const { world, deps } = scene
    const neighbour = await seedProject(world.memory)
    const image = { id: newId(), sha256: null }
    await put(world, image.id, neighbour.id)
    await world.memory.transaction(async tx => {
      const key = originalKey(image.id)
      await tx.originals.add({ projectId: neighbour.id, objectKey: key, sha256: null, sizeBytes: 900 })
      const { id } = image
      const waiting = await tx.images.load(scene.waiting.projectId, scene.waiting.id)
      if (!waiting) throw new Error('The waiting image is not there')
      const settled = { ...waiting, id, projectId: neighbour.id, originalKey: key, sha256: null }
      await tx.images.insert({ ...settled, status: 'pending_upload' }, world.clock.now())
    })
    await scene.member('Ada', 'viewer')
    await deleteOrganization(deps, world.owner, { organizationId: scene.organizationId })
    return scene
  }

  it('goes with all of its projects, and its neighbour stays', async () => {
    const scene = await twoOrganizations()
    await scene.world.runJobs()
    await emptied(scene)
  })

  it('does so whichever call fails, loses its answer or is the last before a kill', async () => {
    const faults = await everyFault({
      scene: twoOrganizations,
      act: ({ deps, organizationId }) => removeOrganization(deps, { organizationId, requestId: 'first' }),
      check: async scene => {
        const { deps, organizationId } = scene
        await removeOrganization(deps, { organizationId, requestId: 'second' })
        await emptied(scene)
      },
    })
    expect(faults).toBeGreaterThan(60)
  })
})
