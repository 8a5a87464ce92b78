import { z } from 'zod'
import { Id } from './scalars.ts'

/** For what concerns one project, or every project of the organisation where that is said. */
export const reachFields = {
  project_id: Id.optional().meta({ description: 'Left out: the default project of the caller.' }),
  scope: z
    .enum(['project', 'organization'])
    .default('project')
    .meta({ description: '`organization`: every project, those to come included; then without `project_id`.' }),
}

type Reach = { project_id?: string | undefined; scope: 'project' | 'organization' }

export const isOneReach = ({ project_id, scope }: Reach): boolean => scope === 'project' || project_id === undefined

export const TWO_REACHES = { path: ['project_id'], message: 'has to be left out for the whole organisation' }
