import type { NewShareLink, ShareLink, ShareLinkRequest } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../access/me.tsx'
import { Button } from '../design/button.tsx'
import { CopyIconButton } from '../design/copy-button.tsx'
import { Select } from '../design/fields.tsx'
import { failureOfError } from '../words/failures.ts'
import { ShareRow } from './share-row.tsx'
import { type Lifetime, lifetimes, lifetimeWord, secondsOf, stateOf } from './share-words.ts'

/** What is shared: one image or a gallery. */
export interface Shared {
  key: readonly string[]
  list: (signal: AbortSignal) => Promise<ShareLink[]>
  make: (request: ShareLinkRequest) => Promise<NewShareLink>
}

/** Links for people without an account. The address of a new one is shown once. */
export function ShareSection({ shared, what }: { shared: Shared; what: string }) {
  const mayShare = useMay('share.manage')
  const client = useQueryClient()
  const [lifetime, setLifetime] = useState<Lifetime>('week')
  const queryKey = ['share-links', ...shared.key]
  const links = useQuery({ queryKey, queryFn: ({ signal }) => shared.list(signal), enabled: mayShare })
  const making = useMutation({
    mutationFn: () => shared.make({ expires_in_seconds: secondsOf[lifetime] }),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  })
  if (!mayShare) return null
  const now = Date.now()
  const open = links.data?.filter(link => stateOf(link, now) === 'open') ?? []
  const over = (links.data?.length ?? 0) - open.length
  const error = making.error ?? links.error
  return (
    <section aria-labelledby="share">
      <h2 id="share" className="mb-2 font-medium">
        Share
      </h2>
      <p className="mb-3 text-sm text-ink-soft">Whoever has the link sees {what}, without an account.</p>
      <div className="flex items-center gap-2">
        <span className="w-28">
          <Select
            aria-label="Good for"
            value={lifetime}
            onChange={setLifetime}
            options={lifetimes.map(value => ({ value, label: lifetimeWord[value] }))}
          />
        </span>
        <Button icon="link" disabled={making.isPending} onClick={() => making.mutate()}>
          {making.isPending ? 'Making it…' : 'Make a link'}
        </Button>
      </div>
      {error !== null && (
        <p role="alert" className="mt-2 text-sm text-red-ink">
          {failureOfError(error).detail}
        </p>
      )}
      {making.data?.url !== undefined && (
        <div role="status" className="mt-3">
          <div className="flex items-center justify-between rounded-sm bg-well py-1 pr-1 pl-3">
            <code className="figures py-1.5 pr-2 text-xs break-all select-all">{making.data.url}</code>
            <CopyIconButton text={making.data.url} what="the link" />
          </div>
          <p className="mt-1 text-xs text-ink-faint">Copy it now: its address is not shown again.</p>
        </div>
      )}
      {open.length > 0 && (
        <ul className="mt-3 divide-y divide-line border-y border-line">
          {open.map(link => (
            <ShareRow key={link.id} link={link} onRevoked={() => client.invalidateQueries({ queryKey })} />
          ))}
        </ul>
      )}
      {over > 0 && (
        <p className="mt-2 text-xs text-ink-faint">
          {over} {over === 1 ? 'link is' : 'links are'} over.
        </p>
      )}
    </section>
  )
}
