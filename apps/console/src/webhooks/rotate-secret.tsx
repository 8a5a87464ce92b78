import type { Webhook } from '@calotype/sdk'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { Sheet } from '../design/dialog.tsx'
import { SecretOnce } from '../design/secret-once.tsx'
import { failureOfError } from '../words/failures.ts'

export function RotateSecret({ webhook }: { webhook: Webhook }) {
  const [asking, setAsking] = useState(false)
  const rotation = useMutation({
    mutationFn: () => api.webhooks.rotateSecret(webhook.id),
    onSuccess: () => setAsking(false),
  })
  const fresh = rotation.data
  return (
    <>
      <Button icon="key" onClick={() => setAsking(true)}>
        New secret
      </Button>
      <Confirm
        open={asking}
        title="Give it a new secret?"
        action="Make a new secret"
        doing="Making it…"
        icon="key"
        pending={rotation.isPending}
        error={rotation.error && failureOfError(rotation.error).detail}
        onConfirm={() => rotation.mutate()}
        onClose={() => {
          rotation.reset()
          setAsking(false)
        }}
      >
        For 24 hours messages are signed with both, so that the receiver can change over without a gap. Then only the
        new one counts.
      </Confirm>
      <Sheet open={fresh !== undefined} title="The new secret" onClose={rotation.reset} firm>
        <SecretOnce
          secret={fresh?.secret ?? null}
          missed="The secret is not told twice. Make another one."
          onDone={rotation.reset}
        >
          Copy it now into the receiver’s secret store: it cannot be shown again.
        </SecretOnce>
      </Sheet>
    </>
  )
}
