import { useQuery } from '@tanstack/react-query'
import { apiKeysQuery } from '../api-keys/queries.ts'
import { membersQuery } from '../organizations/queries.ts'
import { projectsQuery } from '../projects/project.tsx'
import type { Names } from './names.ts'

/** What people call their people, keys and projects. */
export function useNames(organizationId: string): Names {
  const members = useQuery(membersQuery(organizationId))
  const keys = useQuery(apiKeysQuery(organizationId))
  const projects = useQuery(projectsQuery(organizationId))
  return {
    people: new Map(members.data?.map(({ user_id, name }) => [user_id, name])),
    keys: new Map(keys.data?.map(({ id, name }) => [id, name])),
    projects: new Map(projects.data?.map(({ id, name }) => [id, name])),
  }
}
