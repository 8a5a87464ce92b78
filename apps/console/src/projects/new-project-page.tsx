import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { TextField } from '../design/fields.tsx'
import { useSay } from '../design/notices.tsx'
import { Nothing, Page } from '../settings/parts.tsx'
import { formRefusal } from '../words/field-errors.ts'
import { projectsQuery } from './project.tsx'

export function NewProjectPage() {
  const { organization_id } = useMe()
  const mayManage = useMay('project.manage')
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const [name, setName] = useState('')
  const creation = useMutation({
    mutationFn: () => api.projects.create({ name: name.trim() }),
    onSuccess: async project => {
      await client.invalidateQueries(projectsQuery(organization_id))
      say({ text: `${project.name} is made. These are its settings.` })
      void navigate({ to: '/settings/project', search: { project: project.id } })
    },
  })
  const refusal = formRefusal(creation.error, ['name'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  if (!mayManage) {
    return (
      <Page title="New project">
        <Nothing>Only owners and admins make projects.</Nothing>
      </Page>
    )
  }
  return (
    <Page title="New project" about="It begins with the settings of this installation; change them on the next page.">
      <form onSubmit={submit} className="max-w-sm space-y-4">
        <TextField
          label="Name of the project"
          value={name}
          onChange={setName}
          error={refusal.at('name') ?? refusal.whole}
          required
          maxLength={100}
          autoComplete="off"
        />
        <Button type="submit" look="primary" disabled={creation.isPending}>
          {creation.isPending ? 'Making it…' : 'Make the project'}
        </Button>
      </form>
    </Page>
  )
}
