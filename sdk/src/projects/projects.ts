import type { Project, ProjectChange, ProjectList, ProjectRequest } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { everyItem, LARGEST_PAGE } from '../http/pages.ts'
import type { CallOptions } from '../images/images.ts'

export type Projects = ReturnType<typeof createProjects>

export function createProjects({ call, callFor }: Connection) {
  return {
    /** Every project that the caller reaches, of the organisation that they work in. */
    list: ({ signal }: CallOptions = {}): Promise<Project[]> =>
      everyItem(cursor => callFor<ProjectList>({ path: '/projects', query: { cursor, limit: LARGEST_PAGE }, signal })),
    get: (id: string, { signal }: CallOptions = {}) => callFor<Project>({ path: `/projects/${id}`, signal }),
    /** What is not named starts as the installation has it. */
    create: (project: ProjectRequest) => callFor<Project>({ method: 'POST', path: '/projects', json: project }),
    change: (id: string, change: ProjectChange) =>
      callFor<Project>({ method: 'PATCH', path: `/projects/${id}`, json: change }),
    /** With every image and byte of it. */
    delete: async (id: string): Promise<void> => {
      await call({ method: 'DELETE', path: `/projects/${id}` })
    },
  }
}
