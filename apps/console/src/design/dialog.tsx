import * as Dialog from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'

interface SheetProps {
  open: boolean
  title: string
  children: ReactNode
  onClose: () => void
  /** What it shows is gone once it is closed: clicks beside it and Escape do not close it. */
  firm?: boolean
}

/** A sheet of paper over the table, for a few entries. */
export function Sheet({ open, title, children, onClose, firm = false }: SheetProps) {
  const hold = (event: Event) => firm && event.preventDefault()
  return (
    <Dialog.Root open={open} onOpenChange={next => next || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil animate-develop" />
        <Dialog.Content
          aria-describedby={undefined}
          onEscapeKeyDown={hold}
          onInteractOutside={hold}
          className="fixed inset-x-4 bottom-4 z-50 mx-auto max-h-[calc(100dvh-2rem)] max-w-lg overflow-y-auto rounded-md border border-line bg-sheet p-6 shadow-float animate-arrive sm:top-[16dvh] sm:bottom-auto"
        >
          <Dialog.Title className="mb-4 text-lg font-medium">{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
