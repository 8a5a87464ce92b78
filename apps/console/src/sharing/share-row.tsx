import type { ShareLink } from '@calotype/sdk'
import { useMutation } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { useSay } from '../design/notices.tsx'
import { Time } from '../design/time.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'

export function ShareRow({ link, onRevoked }: { link: ShareLink; onRevoked: () => Promise<void> }) {
  const say = useSay()
  const revocation = useMutation({
    mutationFn: () => api.shareLinks.revoke(link.id),
    onSuccess: async () => {
      await onRevoked()
      say({ text: 'The link is revoked; its page is gone.' })
    },
    onError: error => say({ text: failureOfError(error).detail, tone: 'bad' }),
  })
  return (
    <li className="flex items-center justify-between gap-3 py-2 text-sm">
      <span className="min-w-0">
        {link.title ?? (
          <>
            Made <Time iso={link.created_at} />
          </>
        )}
        <span className="block text-xs text-ink-soft">
          ends <Time iso={link.expires_at} future /> ·{' '}
          {link.views === 0 ? 'not opened yet' : `opened ${counted(link.views, 'time')}`}
        </span>
      </span>
      <Button look="quiet" disabled={revocation.isPending} onClick={() => revocation.mutate()}>
        Revoke
      </Button>
    </li>
  )
}
