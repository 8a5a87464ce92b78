import type { NewApiKey, Project } from '@calotype/sdk'
import { useState } from 'react'
import { Sheet } from '../design/dialog.tsx'
import { SecretOnce } from '../design/secret-once.tsx'
import { NewKeyForm } from './new-key-form.tsx'

interface NewKeyProps {
  open: boolean
  projects: readonly Project[]
  onClose: () => void
}

/** First what the key may do, then its secret, once. */
export function NewKey({ open, projects, onClose }: NewKeyProps) {
  const [made, setMade] = useState<NewApiKey | null>(null)
  const close = () => {
    setMade(null)
    onClose()
  }
  return (
    <Sheet
      open={open}
      title={made === null ? 'New key' : `The secret of ${made.name}`}
      onClose={close}
      firm={made !== null}
    >
      {made === null ? (
        <NewKeyForm projects={projects} onMade={setMade} onCancel={close} />
      ) : (
        <SecretOnce
          secret={made.key ?? null}
          missed="The key was made, but its secret was answered to an earlier try and is not told twice. Revoke it and make another."
          onDone={close}
        >
          Copy it now into your secret store or environment. Only its hash is kept here: it cannot be shown again.
        </SecretOnce>
      )}
    </Sheet>
  )
}
