import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

interface SecretOnceProps {
  /** Null: it was answered to an earlier try. */
  secret: string | null
  /** What to do when it is not told any more. */
  missed: string
  /** Where it belongs, and that it is not shown again. */
  children: ReactNode
  onDone: () => void
}

/** A secret that is shown once, until somebody says that it is stored. */
export function SecretOnce({ secret, missed, children, onDone }: SecretOnceProps) {
  if (secret === null) {
    return (
      <>
        <p className="text-ink-soft">{missed}</p>
        <div className="mt-6 flex justify-end">
          <Button onClick={onDone}>Close</Button>
        </div>
      </>
    )
  }
  return (
    <>
      <p className="text-ink-soft text-pretty">{children}</p>
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
