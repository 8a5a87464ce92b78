import type { NewWebhook as MadeWebhook, Project, WebhookEvent } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Checks, SelectField, TextField } from '../design/fields.tsx'
import { MadeOnce } from '../design/made-once.tsx'
import { formRefusal } from '../words/field-errors.ts'
import { webhooksQuery } from './queries.ts'
import { eventWord, webhookEvents } from './webhook-words.ts'

interface NewWebhookProps {
  open: boolean
  projects: readonly Project[]
  onClose: () => void
}

/** First where it goes and what it hears of, then its secret, once. */
export const NewWebhook = ({ open, projects, onClose }: NewWebhookProps) => (
  <MadeOnce<MadeWebhook>
    open={open}
    title="New webhook"
    titleOf={() => 'The secret of the webhook'}
    secretOf={({ secret }) => secret}
    missed="The webhook was made, but its secret was answered to an earlier try and is not told twice. Give it a new one on its page."
    note="The receiver checks with it that a message is from here. Copy it now into its secret store: it cannot be shown again."
    form={(onMade, onCancel) => <NewWebhookForm projects={projects} onMade={onMade} onCancel={onCancel} />}
    onClose={onClose}
  />
)

const EVERY = 'every'

interface FormProps {
  projects: readonly Project[]
  onMade: (made: MadeWebhook) => void
  onCancel: () => void
}

function NewWebhookForm({ projects, onMade, onCancel }: FormProps) {
  const { organization_id: organizationId } = useMe()
  const client = useQueryClient()
  const [url, setUrl] = useState('')
  const [description, setDescription] = useState('')
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhookEvents)
  const [project, setProject] = useState(EVERY)
  const making = useMutation({
    mutationFn: () =>
      api.webhooks.create({
        url: url.trim(),
        description: description.trim(),
        events: [...events],
        ...(project === EVERY ? { scope: 'organization' } : { project_id: project }),
      }),
    onSuccess: made => {
      void client.invalidateQueries(webhooksQuery(organizationId))
      onMade(made)
    },
  })
  const refusal = formRefusal(making.error, ['url', 'description', 'events', 'project_id'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        label="URL"
        type="url"
        value={url}
        onChange={setUrl}
        placeholder="https://example.com/hooks/photos"
        hint="https, at a public address. It gets a POST for each event."
        error={refusal.at('url')}
        required
        mono
        autoComplete="off"
        spellCheck={false}
      />
      <Checks
        legend="It hears of"
        options={webhookEvents.map(value => ({ value, label: eventWord[value] }))}
        chosen={events}
        onChange={setEvents}
        hint="Choose at least one."
        error={refusal.at('events')}
      />
      <SelectField
        label="Project"
        value={project}
        onChange={setProject}
        options={[
          { value: EVERY, label: 'Every project, also later ones' },
          ...projects.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        error={refusal.at('project_id')}
      />
      <TextField
        label="Description"
        value={description}
        onChange={setDescription}
        hint="For people. May be empty."
        maxLength={255}
        error={refusal.at('description')}
        autoComplete="off"
      />
      {refusal.whole !== null && (
        <p role="alert" className="text-sm text-red-ink">
          {refusal.whole}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={making.isPending || events.length === 0}>
          {making.isPending ? 'Making it…' : 'Make the webhook'}
        </Button>
      </div>
    </form>
  )
}
