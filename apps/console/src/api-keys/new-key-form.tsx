import type { ApiKey, NewApiKey, Project, Role, Scope } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Choice } from '../design/choice.tsx'
import { Checks, SelectField, TextField } from '../design/fields.tsx'
import { formRefusal } from '../words/field-errors.ts'
import { roles, roleWord } from '../words/roles.ts'
import { expiryOf, type Lifetime, lifetimes, scopesOfRole, scopesOfService, scopeWord } from './key-words.ts'
import { apiKeysQuery } from './queries.ts'

interface NewKeyFormProps {
  projects: readonly Project[]
  onMade: (key: NewApiKey) => void
  onCancel: () => void
}

export function NewKeyForm({ projects, onMade, onCancel }: NewKeyFormProps) {
  const me = useMe()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<ApiKey['kind']>('api_key')
  const [role, setRole] = useState<Role>('member')
  const [scopes, setScopes] = useState<readonly Scope[]>([])
  const [projectIds, setProjectIds] = useState<readonly string[]>([])
  const [lifetime, setLifetime] = useState<Lifetime>('quarter')
  const offered = kind === 'service' ? scopesOfService : scopesOfRole(role)
  const chosen = scopes.filter(scope => offered.includes(scope))
  const lacksScopes = kind === 'service' && chosen.length === 0
  const making = useMutation({
    mutationFn: () => {
      const expires_at = expiryOf(lifetime, Date.now())
      return api.apiKeys.create({
        name: name.trim(),
        kind,
        ...(kind === 'api_key' ? { role } : {}),
        ...(chosen.length > 0 ? { scopes: chosen } : {}),
        ...(projectIds.length > 0 ? { project_ids: [...projectIds] } : {}),
        ...(expires_at === undefined ? {} : { expires_at }),
      })
    },
    onSuccess: key => {
      void client.invalidateQueries(apiKeysQuery(me.organization_id))
      onMade(key)
    },
  })
  const refusal = formRefusal(making.error, ['name', 'role', 'scopes', 'project_ids', 'expires_at'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!lacksScopes) making.mutate()
  }
  // Never above the role of its maker.
  const givable = roles.slice(roles.indexOf(me.role))
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        hint="Who or what will use it, such as “Website” or “Detection pipeline”."
        error={refusal.at('name')}
        required
        maxLength={100}
        autoComplete="off"
      />
      <div className="flex">
        <Choice
          legend="Kind"
          value={kind}
          options={[
            { value: 'api_key', label: 'API key' },
            { value: 'service', label: 'Service key' },
          ]}
          onChange={setKind}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        {kind === 'api_key' && (
          <SelectField
            label="Role"
            value={role}
            options={givable.map(value => ({ value, label: roleWord[value] }))}
            onChange={setRole}
            error={refusal.at('role')}
          />
        )}
        <SelectField
          label="Good for"
          value={lifetime}
          options={lifetimes}
          onChange={setLifetime}
          error={refusal.at('expires_at')}
        />
      </div>
      <Checks
        legend={kind === 'service' ? 'It may' : 'Only for these'}
        hint={kind === 'service' ? 'Choose at least one.' : 'None chosen: all that its role may.'}
        options={offered.map(value => ({ value, label: scopeWord[value] }))}
        chosen={chosen}
        onChange={setScopes}
        error={refusal.at('scopes')}
      />
      {projects.length > 1 && (
        <Checks
          legend="Only these projects"
          hint="None chosen: every project, also later ones."
          options={projects.map(project => ({ value: project.id, label: project.name }))}
          chosen={projectIds}
          onChange={setProjectIds}
          error={refusal.at('project_ids')}
        />
      )}
      {refusal.whole !== null && (
        <p role="alert" className="text-sm text-red-ink">
          {refusal.whole}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={making.isPending || lacksScopes}>
          {making.isPending ? 'Making it…' : 'Make the key'}
        </Button>
      </div>
    </form>
  )
}
