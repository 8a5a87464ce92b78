import * as Dialog from '@radix-ui/react-dialog'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { TextField } from './fields.tsx'
import type { IconName } from './icon.tsx'

interface ConfirmProps {
  open: boolean
  title: string
  children: ReactNode
  /** The verb that will be done. */
  action: string
  /** While it is being done. */
  doing?: string
  icon?: IconName
  /** What has to be typed first, for what takes much with it. */
  typed?: string
  pending: boolean
  error: string | null
  onConfirm: () => void
  onClose: () => void
  /** Where the focus belongs afterwards. */
  onReturn?: () => void
}

export function Confirm(props: ConfirmProps) {
  const { open, title, children, action, doing = 'Deleting…', icon = 'trash', typed } = props
  const { pending, error, onConfirm, onClose, onReturn } = props
  const [text, setText] = useState('')
  useEffect(() => {
    if (!open) setText('')
  }, [open])
  const mayGo = typed === undefined || text.trim() === typed
  return (
    <Dialog.Root open={open} onOpenChange={next => next || pending || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil animate-develop" />
        <Dialog.Content
          role="alertdialog"
          className="fixed inset-x-4 bottom-4 z-50 mx-auto max-w-md rounded-md border border-line bg-sheet p-6 shadow-float animate-arrive sm:top-1/3 sm:bottom-auto"
          onCloseAutoFocus={event => {
            if (onReturn === undefined) return
            event.preventDefault()
            onReturn()
          }}
        >
          <Dialog.Title className="text-lg font-medium">{title}</Dialog.Title>
          <Dialog.Description asChild>
            <div className="mt-2 text-ink-soft">{children}</div>
          </Dialog.Description>
          {typed !== undefined && (
            <div className="mt-4">
              <TextField
                label={`Type “${typed}” to confirm`}
                value={text}
                onChange={setText}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
          )}
          {error !== null && (
            <p role="alert" className="mt-3 text-sm text-red-ink">
              {error}
            </p>
          )}
          <div className="mt-6 flex justify-end gap-2">
            <Button onClick={onClose} disabled={pending}>
              Cancel
            </Button>
            <Button look="danger" icon={icon} onClick={onConfirm} disabled={pending || !mayGo}>
              {pending ? doing : action}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
