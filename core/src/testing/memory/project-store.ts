import type { Project, ProjectStore } from '../../access/index.ts'
import { copyOf } from './copy-of.ts'
import { liveProject, type StateAccess } from './state.ts'

/** Projects in memory; locks are free, because transactions run one at a time. */
export function memoryProjectStore(state: StateAccess): ProjectStore {
  const list = (organizationId: string, projectIds: readonly string[] | null): Project[] =>
    [...state().projects.values()].filter(
      project =>
        project.organizationId === organizationId &&
        (projectIds === null || projectIds.includes(project.id)) &&
        liveProject(state(), project.id) !== null,
    )
  const load = async (projectId: string) => copyOf(liveProject(state(), projectId))
  return {
    find: async (organizationId, projectId) =>
      copyOf(list(organizationId, null).find(project => project.id === projectId) ?? null),
    findDefault: async (organizationId, projectIds) => copyOf(list(organizationId, projectIds)[0] ?? null),
    load,
    lock: load,
    hold: load,
    list: async (organizationId, projectIds) => copyOf(list(organizationId, projectIds)),
    listPage: async ({ organizationId, projectIds, before, limit }) =>
      copyOf(
        list(organizationId, projectIds)
          .filter(project => before === null || project.id < before)
          .sort((left, right) => (left.id < right.id ? 1 : -1))
          .slice(0, limit),
      ),
    findByName: async (organizationId, name) =>
      copyOf(list(organizationId, null).find(project => project.name === name) ?? null),
    findCount: async organizationId => list(organizationId, null).length,
    add: async project => {
      if (!state().organizations.has(project.organizationId)) throw new Error('There is no such organisation')
      if (list(project.organizationId, null).some(other => other.name === project.name))
        throw new Error('There is a project of this name already')
      state().projects.set(project.id, copyOf(project))
    },
    change: async (projectId, change) => {
      const project = liveProject(state(), projectId)
      if (project) Object.assign(project, copyOf(change))
    },
    markDeleted: async projectId => {
      const project = liveProject(state(), projectId)
      if (project) state().deletedProjects.set(projectId, { organizationId: project.organizationId, removedAt: null })
    },
    findDeletedIds: async organizationId =>
      [...state().deletedProjects].flatMap(([id, tombstone]) =>
        tombstone.organizationId === organizationId && tombstone.removedAt === null ? [id] : [],
      ),
    findDeleted: async projectId => {
      const tombstone = state().deletedProjects.get(projectId)
      return tombstone && tombstone.removedAt === null ? { organizationId: tombstone.organizationId } : null
    },
    remove: async (projectId, at) => {
      const tombstone = state().deletedProjects.get(projectId)
      if (!tombstone) return
      const held = [...state().images.values(), ...state().originals.values()]
      if (held.some(each => each.projectId === projectId)) throw new Error('The project still holds something')
      state().projects.delete(projectId)
      tombstone.removedAt ??= at
    },
    findRevoked: async removedSince =>
      [...state().deletedProjects].flatMap(([id, { removedAt }]) =>
        removedAt === null || removedAt >= removedSince ? [id] : [],
      ),
    forgetRemoved: async before => {
      const past = [...state().deletedProjects].filter(([, { removedAt }]) => removedAt !== null && removedAt < before)
      for (const [id] of past) state().deletedProjects.delete(id)
      return past.length
    },
  }
}
