import type { Project } from '@calotype/sdk'
import { queryOptions } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { api } from '../app/api.ts'

/** Null in an organisation that has none yet. */
export const ChosenProject = createContext<Project | null>(null)

export const useProjectIfAny = (): Project | null => useContext(ChosenProject)

/** The project that the console shows. */
export function useProject(): Project {
  const project = useProjectIfAny()
  if (project === null) throw new Error('This organisation has no project.')
  return project
}

export const projectsQuery = (organizationId: string) =>
  queryOptions({ queryKey: ['projects', organizationId], queryFn: ({ signal }) => api.projects.list({ signal }) })
