import type { Project } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { session } from '../access/keeper.ts'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { useSay } from '../design/notices.tsx'
import { Ending } from '../settings/parts.tsx'
import { failureOfError } from '../words/failures.ts'
import { projectsQuery } from './project.tsx'

export function DeleteProject({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const deletion = useMutation({
    mutationFn: () => api.projects.delete(project.id),
    onSuccess: async () => {
      setAsking(false)
      await navigate({ to: '/', search: { project: undefined } })
      await session.refresh()
      await client.invalidateQueries(projectsQuery(project.organization_id))
      say({ text: `${project.name} is deleted.` })
    },
  })
  return (
    <>
      <Ending
        title="Delete this project"
        about="With every image, variant and link of it, for good."
        action={
          <Button icon="trash" onClick={() => setAsking(true)}>
            Delete project
          </Button>
        }
      />
      <Confirm
        open={asking}
        title={`Delete ${project.name}?`}
        action="Delete project"
        typed={project.name}
        pending={deletion.isPending}
        error={deletion.error && failureOfError(deletion.error).detail}
        onConfirm={() => deletion.mutate()}
        onClose={() => {
          deletion.reset()
          setAsking(false)
        }}
      >
        Every original and variant in it is removed, and links to them stop working. This cannot be undone.
      </Confirm>
    </>
  )
}
