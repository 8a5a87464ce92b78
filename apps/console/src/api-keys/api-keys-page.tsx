import type { ApiKey } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { useSay } from '../design/notices.tsx'
import { projectsQuery } from '../projects/project.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Page, Section } from '../settings/parts.tsx'
import { failureOfError } from '../words/failures.ts'
import { KeyRow } from './key-row.tsx'
import { keyState } from './key-words.ts'
import { NewKey } from './new-key.tsx'
import { apiKeysQuery } from './queries.ts'

export function ApiKeysPage() {
  const mayManage = useMay('access.manage')
  return (
    <Page title="API keys" about="For servers and scripts. A key never may more than whoever made it.">
      {mayManage ? <Keys /> : <Nothing>Only owners and admins see and make keys.</Nothing>}
    </Page>
  )
}

function Keys() {
  const { organization_id: organizationId } = useMe()
  const keys = useQuery(apiKeysQuery(organizationId))
  const projects = useQuery(projectsQuery(organizationId))
  const names = new Map(projects.data?.map(({ id, name }) => [id, name]))
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const now = Date.now()
  const live = keys.data?.filter(key => keyState(key, now) === 'live') ?? []
  const over = keys.data?.filter(key => keyState(key, now) !== 'live') ?? []
  return (
    <>
      <Section
        title="In use"
        action={
          <Button look="primary" icon="plus" onClick={() => setMaking(true)}>
            New key
          </Button>
        }
      >
        {keys.isPending && <LoadingRows label="Loading keys" />}
        {keys.error !== null && <CouldNotLoad what="The keys" error={keys.error} onRetry={() => void keys.refetch()} />}
        {keys.data !== undefined && live.length === 0 && <Nothing>No key works at present.</Nothing>}
        <KeyList keys={live} names={names} onRevoke={setRevoking} />
      </Section>
      {over.length > 0 && (
        <Section title="No longer good" about="Kept to be recognised in the security log.">
          <KeyList keys={over} names={names} onRevoke={setRevoking} />
        </Section>
      )}
      <NewKey open={making} projects={projects.data ?? []} onClose={() => setMaking(false)} />
      <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  )
}

interface KeyListProps {
  keys: readonly ApiKey[]
  names: ReadonlyMap<string, string>
  onRevoke: (key: ApiKey) => void
}

function KeyList({ keys, names, onRevoke }: KeyListProps) {
  if (keys.length === 0) return null
  return (
    <ul className="divide-y divide-line border-y border-line">
      {keys.map(key => (
        <KeyRow key={key.id} apiKey={key} names={names} onRevoke={() => onRevoke(key)} />
      ))}
    </ul>
  )
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const { organization_id: organizationId } = useMe()
  const client = useQueryClient()
  const say = useSay()
  const revocation = useMutation({
    mutationFn: ({ id }: ApiKey) => api.apiKeys.revoke(id),
    onSuccess: async (_, { name }) => {
      onClose()
      await client.invalidateQueries(apiKeysQuery(organizationId))
      say({ text: `${name} is revoked.` })
    },
  })
  return (
    <Confirm
      open={apiKey !== null}
      title={`Revoke ${apiKey?.name ?? ''}?`}
      action="Revoke"
      doing="Revoking…"
      icon="blocked"
      pending={revocation.isPending}
      error={revocation.error && failureOfError(revocation.error).detail}
      onConfirm={() => apiKey !== null && revocation.mutate(apiKey)}
      onClose={() => {
        revocation.reset()
        onClose()
      }}
    >
      Whatever uses this key gets 401 within a minute. Links that it signed live to their end. This cannot be undone.
    </Confirm>
  )
}
