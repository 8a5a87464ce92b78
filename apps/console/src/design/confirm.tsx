import * as Dialog from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

interface ConfirmProps {
  open: boolean
  title: string
  children: ReactNode
  /** The verb that will be done. */
  action: string
  pending: boolean
  error: string | null
  onConfirm: () => void
  onClose: () => void
  /** Where the focus belongs afterwards. */
  onReturn?: () => void
}

export function Confirm({ open, title, children, action, pending, error, onConfirm, onClose, onReturn }: ConfirmProps) {
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
          {error !== null && (
            <p role="alert" className="mt-3 text-sm text-red-ink">
              {error}
            </p>
          )}
          <div className="mt-6 flex justify-end gap-2">
            <Button onClick={onClose} disabled={pending}>
              Cancel
            </Button>
            <Button look="danger" icon="trash" onClick={onConfirm} disabled={pending}>
              {pending ? 'Deleting…' : action}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
