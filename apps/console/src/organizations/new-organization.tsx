import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Sheet } from '../design/dialog.tsx'
import { TextField } from '../design/fields.tsx'
import { failureOfError } from '../words/failures.ts'
import { organizationsQuery } from './queries.ts'
import { useSwitchOrganization } from './use-switch-organization.ts'

export function NewOrganization({ open, onClose }: { open: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const switchTo = useSwitchOrganization()
  const [name, setName] = useState('')
  const creation = useMutation({
    mutationFn: () => api.organizations.create(name.trim()),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries(organizationsQuery)
      setName('')
      onClose()
      switchTo(id)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate()
  }
  return (
    <Sheet open={open} title="New organisation" onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          hint="People, projects and keys of one organisation never see those of another."
          error={creation.error && failureOfError(creation.error).detail}
          required
          maxLength={100}
          autoComplete="organization"
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={creation.isPending}>
            Make it
          </Button>
        </div>
      </form>
    </Sheet>
  )
}
