import { Button } from '../design/button.tsx'

interface SaveBarProps {
  dirty: boolean
  pending: boolean
  /** What was refused as a whole. */
  error: string | null
  onReset: () => void
}

/** At the end of a form: what is not saved yet says so, and stays in view. */
export function SaveBar({ dirty, pending, error, onReset }: SaveBarProps) {
  return (
    <div className="sticky bottom-0 z-10 -mx-3 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-ground px-3 py-3 md:mx-0 md:px-0">
      <Button type="submit" look="primary" disabled={!dirty || pending}>
        {pending ? 'Saving…' : 'Save'}
      </Button>
      {dirty && !pending && (
        <Button look="quiet" onClick={onReset}>
          Undo changes
        </Button>
      )}
      <p role="status" className="text-sm text-ink-soft">
        {dirty && error === null ? 'Not saved yet.' : ''}
      </p>
      {error !== null && (
        <p role="alert" className="text-sm text-red-ink">
          {error}
        </p>
      )}
    </div>
  )
}
