import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../design/button.tsx'
import { type AccountField, accountFailure, waitWords } from '../words/account-failures.ts'

interface AccountFormProps {
  /** The verb, as it stands on the button. */
  action: string
  doing: string
  submit: () => Promise<void>
  /** What was refused is said at its field. */
  children: (errorOf: (field: AccountField) => string | null) => ReactNode
  more?: ReactNode
  /** There is nothing to do yet. */
  idle?: boolean
  danger?: boolean
}

/** A form about an account: says what is wrong at its place, and counts down what has to be waited for. */
export function AccountForm(props: AccountFormProps) {
  const { action, doing, submit, children, more, idle, danger = false } = props
  const [failure, setFailure] = useState<unknown>(null)
  const [pending, setPending] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const said = failure === null ? null : accountFailure(failure)
  const left = useCountdown(said?.waitMs ?? null, failure)

  useEffect(() => {
    if (failure === null) return
    // The button was disabled meanwhile and has lost the focus.
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]')
    const entry = wrong ?? [...(form.current?.querySelectorAll('input') ?? [])].at(-1)
    entry?.focus()
  }, [failure])

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault()
    if (pending || left > 0) return
    setPending(true)
    setFailure(null)
    try {
      await submit()
    } catch (error) {
      setFailure(error)
    } finally {
      setPending(false)
    }
  }
  const words = said?.waitMs ? (left > 0 ? waitWords(left) : '') : (said?.detail ?? '')
  return (
    <form ref={form} onSubmit={onSubmit} className="space-y-4">
      {children(field => (said?.field === field ? said.detail : null))}
      {/* Its place is kept, so that nothing moves under the pointer when there is something to say. */}
      <p role="alert" className={`text-sm text-red-ink ${idle === undefined ? 'min-h-10' : 'min-h-5'}`}>
        {said?.field === null ? words : ''}
      </p>
      <div className="-mt-2 flex flex-wrap items-center justify-between gap-3">
        <Button
          type="submit"
          look={danger ? 'danger' : 'primary'}
          disabled={idle === true || pending || left > 0}
          className="min-w-32"
        >
          {pending ? doing : action}
        </Button>
        {more}
      </div>
    </form>
  )
}

const TICK_MS = 500

/** Milliseconds left of a wait that began with this failure. */
function useCountdown(waitMs: number | null, failure: unknown): number {
  const [left, setLeft] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failure begins its wait anew
  useEffect(() => {
    if (waitMs === null) {
      setLeft(0)
      return
    }
    const until = Date.now() + waitMs
    const tick = () => setLeft(Math.max(0, until - Date.now()))
    tick()
    const timer = setInterval(tick, TICK_MS)
    return () => clearInterval(timer)
  }, [waitMs, failure])
  return left
}
