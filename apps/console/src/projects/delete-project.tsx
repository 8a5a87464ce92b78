import type { Project } from '@calotype/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { session } from '../access/keeper.ts'
import { api } from '../app/api.ts'
import { useSay } from '../design/notices.tsx'
import { DeleteForGood } from '../settings/delete-for-good.tsx'
import { projectsQuery } from './project.tsx'

export function DeleteProject({ project }: { project: Project }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  return (
    <DeleteForGood
      what="project"
      about="With every image, variant and link of it, for good."
      question={`Delete ${project.name}?`}
      typed={project.name}
      run={() => api.projects.delete(project.id)}
      onGone={async () => {
        await navigate({ to: '/', search: { project: undefined } })
        await session.refresh()
        await client.invalidateQueries(projectsQuery(project.organization_id))
        say({ text: `${project.name} is deleted.` })
      }}
    >
      Every original and variant in it is removed, and links to them stop working. This cannot be undone.
    </DeleteForGood>
  )
}
