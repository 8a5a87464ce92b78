import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { session } from '../access/keeper.ts'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { TextField } from '../design/fields.tsx'
import { useSay } from '../design/notices.tsx'
import { DeleteForGood } from '../settings/delete-for-good.tsx'
import { Nothing, Page, Section } from '../settings/parts.tsx'
import { SaveBar } from '../settings/save-bar.tsx'
import { formRefusal } from '../words/field-errors.ts'
import { organizationsQuery } from './queries.ts'

export function OrganizationPage() {
  const mayManage = useMay('access.manage')
  const mayOwn = useMay('organization.own')
  return (
    <Page title="Organisation" about="Holds projects, people and keys. Nothing in it is seen by another one.">
      {mayManage ? <Rename /> : <Nothing>Only owners and admins change an organisation.</Nothing>}
      {mayOwn && <Delete />}
    </Page>
  )
}

function Rename() {
  const { organization } = useMe()
  const client = useQueryClient()
  const say = useSay()
  const [name, setName] = useState(organization.name)
  const renaming = useMutation({
    mutationFn: () => api.organizations.rename(organization.id, name.trim()),
    onSuccess: async renamed => {
      await client.invalidateQueries(organizationsQuery)
      await session.refresh()
      setName(renamed.name)
      say({ text: `It is called ${renamed.name} now.` })
    },
  })
  const refusal = formRefusal(renaming.error, ['name'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    renaming.mutate()
  }
  return (
    <Section title="Name">
      <form onSubmit={submit} className="space-y-4">
        <div className="max-w-sm">
          <TextField
            label="Name of the organisation"
            value={name}
            onChange={setName}
            error={refusal.at('name')}
            required
            maxLength={100}
            autoComplete="off"
          />
        </div>
        <SaveBar
          dirty={name.trim() !== organization.name}
          pending={renaming.isPending}
          error={refusal.whole}
          onReset={() => {
            setName(organization.name)
            renaming.reset()
          }}
        />
      </form>
    </Section>
  )
}

function Delete() {
  const { organization } = useMe()
  const navigate = useNavigate()
  const client = useQueryClient()
  const say = useSay()
  return (
    <DeleteForGood
      what="organisation"
      about="With every project, image, key and invitation in it, for everybody, for good."
      question={`Delete ${organization.name}?`}
      typed={organization.name}
      run={() => api.organizations.delete(organization.id)}
      onGone={async () => {
        await navigate({ to: '/', search: { project: undefined } })
        await session.refresh()
        await client.invalidateQueries(organizationsQuery)
        say({ text: `${organization.name} is deleted.` })
      }}
    >
      All its projects and images are removed and its keys stop working. Its members keep their accounts. This cannot be
      undone.
    </DeleteForGood>
  )
}
