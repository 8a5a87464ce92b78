import type { NewApiKey, Project } from '@calotype/sdk'
import { useState } from 'react'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-button.tsx'
import { Sheet } from '../design/dialog.tsx'
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
        <Secret secret={made.key ?? null} onDone={close} />
      )}
    </Sheet>
  )
}

function Secret({ secret, onDone }: { secret: string | null; onDone: () => void }) {
  if (secret === null) {
    return (
      <>
        <p className="text-ink-soft">
          The key was made, but its secret was answered to an earlier try and is not told twice. Revoke it and make
          another.
        </p>
        <div className="mt-6 flex justify-end">
          <Button onClick={onDone}>Close</Button>
        </div>
      </>
    )
  }
  return (
    <>
      <p className="text-ink-soft text-pretty">
        Copy it now into your secret store or environment. Only its hash is kept here: it cannot be shown again.
      </p>
      <code className="figures mt-4 block rounded-sm bg-well px-3 py-2 text-sm break-all select-all">{secret}</code>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <CopyButton text={secret} what="the secret" />
        <Button look="primary" icon="check" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </>
  )
}
