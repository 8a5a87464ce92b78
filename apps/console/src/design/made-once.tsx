import { type ReactNode, useState } from 'react'
import { Sheet } from './dialog.tsx'
import { SecretOnce } from './secret-once.tsx'

interface MadeOnceProps<Made> {
  open: boolean
  title: string
  titleOf: (made: Made) => string
  secretOf: (made: Made) => string | undefined
  /** What to do when the secret was answered to an earlier try. */
  missed: string
  /** Where the secret belongs. */
  note: string
  form: (onMade: (made: Made) => void, onCancel: () => void) => ReactNode
  onClose: () => void
}

/** First a form, then the secret of what it made, once. */
export function MadeOnce<Made>(props: MadeOnceProps<Made>) {
  const { open, title, titleOf, secretOf, missed, note, form, onClose } = props
  const [made, setMade] = useState<Made | null>(null)
  const close = () => {
    setMade(null)
    onClose()
  }
  return (
    <Sheet open={open} title={made === null ? title : titleOf(made)} onClose={close} firm={made !== null}>
      {made === null ? (
        form(setMade, close)
      ) : (
        <SecretOnce secret={secretOf(made) ?? null} missed={missed} onDone={close}>
          {note}
        </SecretOnce>
      )}
    </Sheet>
  )
}
