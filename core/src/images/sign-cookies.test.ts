import { expect, it } from 'vitest'
import { contextOf, createWorld, seedProject } from '../testing/index.ts'
import { signCookies } from './sign-cookies.ts'

const withCookies = async (visibility: 'private' | 'public' = 'private') => {
  const world = await createWorld({ settings: { visibility } })
  const made: string[] = []
  const cookie = (projectId: string, expires: number) => {
    made.push(projectId)
    return { 'CDN-Policy': `${projectId} until ${expires}` }
  }
  return { world, made, deps: { ...world.deps, cdn: { ...world.deps.cdn, signCookies: cookie } } }
}

it('open one project, and are the same for everybody within a window', async () => {
  const { world, deps } = await withCookies()
  const { id } = world.project
  const first = await signCookies(deps, world.owner, { projectId: id })
  const expires = first.expiresAt.getTime() / 1000
  expect(first.cookies).toEqual({ 'CDN-Policy': `${id} until ${expires}` })
  expect(expires % 600).toBe(0)
  const viewer = contextOf(world.project, { role: 'viewer' })
  expect(await signCookies(deps, viewer, { projectId: null })).toEqual(first)
  world.clock.advance(600_000)
  expect((await signCookies(deps, viewer, { projectId: id })).expiresAt).toEqual(new Date((expires + 600) * 1000))
})

it('are none where everything is public, and null where delivery knows none', async () => {
  const { world, deps, made } = await withCookies('public')
  expect((await signCookies(deps, world.owner, { projectId: null })).cookies).toEqual({})
  expect(made).toEqual([])
  const plain = await createWorld()
  expect((await signCookies(plain.deps, plain.owner, { projectId: null })).cookies).toBeNull()
})

it('are for nobody who may not see the project', async () => {
  const { world, deps, made } = await withCookies()
  const projectId = world.project.id
  const stranger = contextOf(await seedProject(world.memory))
  await expect(signCookies(deps, stranger, { projectId })).rejects.toMatchObject({ code: 'not_found' })
  const elsewhere = contextOf(world.project, { projectIds: [] })
  await expect(signCookies(deps, elsewhere, { projectId })).rejects.toMatchObject({ code: 'not_found' })
  const unscoped = contextOf(world.project, { scopes: ['analysis.write'] })
  await expect(signCookies(deps, unscoped, { projectId })).rejects.toMatchObject({ code: 'forbidden' })
  expect(made).toEqual([])
})
