import type { ApiKey } from '@calotype/sdk'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { keyState, reachOf } from './key-words.ts'

interface KeyRowProps {
  apiKey: ApiKey
  names: ReadonlyMap<string, string>
  onRevoke: () => void
}

export function KeyRow({ apiKey, names, onRevoke }: KeyRowProps) {
  const state = keyState(apiKey, Date.now())
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 grow basis-60">
        <p className="flex items-center gap-2 text-sm font-medium">
          <span className="text-ink-faint">
            <Icon name="key" />
          </span>
          <span className="truncate">{apiKey.name}</span>
        </p>
        <p className="mt-0.5 text-xs text-ink-soft">{reachOf(apiKey, names)}</p>
        <p className="mt-0.5 text-xs text-ink-faint">
          Made <Time iso={apiKey.created_at} />
          {' · '}
          {apiKey.last_used_at === null ? (
            'never used'
          ) : (
            <>
              last used <Time iso={apiKey.last_used_at} />
            </>
          )}
          {state === 'live' && apiKey.expires_at !== null && (
            <>
              {' · '}ends <Time iso={apiKey.expires_at} future />
            </>
          )}
        </p>
      </div>
      {state === 'live' ? (
        <Button look="quiet" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
          Revoke
        </Button>
      ) : (
        <span className="inline-flex items-center gap-1.5 text-sm text-ink-soft">
          <Icon name={state === 'revoked' ? 'blocked' : 'hourglass'} size={12} />
          {state === 'revoked' ? 'Revoked' : 'Expired'}{' '}
          <Time iso={(state === 'revoked' ? apiKey.revoked_at : apiKey.expires_at) ?? apiKey.created_at} />
        </span>
      )}
    </li>
  )
}
