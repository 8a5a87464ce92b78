import type { Project, ProjectChange } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../app/api.ts'
import { useSay } from '../design/notices.tsx'
import { formRefusal } from '../words/field-errors.ts'
import { projectsQuery } from './project.tsx'
import { changeOf, draftOf, type ProjectDraft, problemsOf } from './project-draft.ts'

const FIELDS = [
  'name',
  'allowed_types',
  'min_bytes',
  'max_bytes',
  'max_side',
  'max_pixels',
  'variants',
  'visibility',
  'retention_days',
  'detection_types',
]

/** The form of a project's settings: what is entered, what differs, and what is wrong with it. */
export function useProjectForm(project: Project) {
  const client = useQueryClient()
  const say = useSay()
  const [draft, setDraft] = useState<ProjectDraft>(() => draftOf(project))
  const [tried, setTried] = useState(false)
  const saving = useMutation({
    mutationFn: (change: ProjectChange) => api.projects.change(project.id, change),
    onSuccess: async saved => {
      await client.invalidateQueries(projectsQuery(project.organization_id))
      setDraft(draftOf(saved))
      setTried(false)
      say({ text: `${saved.name} is saved.` })
    },
  })
  const change = changeOf(project, draft)
  const problems = problemsOf(draft)
  const refusal = formRefusal(saving.error, FIELDS)
  const wrong = tried && problems.size > 0
  return {
    draft,
    set: (next: Partial<ProjectDraft>) => setDraft(before => ({ ...before, ...next })),
    dirty: Object.keys(change).length > 0,
    pending: saving.isPending,
    errorAt: (path: string) => (tried ? problems.get(path) : undefined) ?? refusal.at(path),
    error: wrong ? 'Not saved: see what is marked above.' : refusal.whole,
    submit: (event: FormEvent) => {
      event.preventDefault()
      setTried(true)
      if (problems.size === 0) saving.mutate(change)
    },
    reset: () => {
      setDraft(draftOf(project))
      setTried(false)
      saving.reset()
    },
  }
}
