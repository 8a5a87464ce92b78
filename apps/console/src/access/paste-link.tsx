import { type FormEvent, useId, useState } from 'react'
import { Button } from '../design/button.tsx'
import { ticketIn } from './tickets.ts'

/** For those who read the link on another machine than the one they browse on. */
export function PasteLink({ onToken }: { onToken: (token: string) => void }) {
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const field = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ticket = ticketIn(text)
    setWrong(ticket?.kind !== 'link')
    if (ticket?.kind === 'link') onToken(ticket.token)
  }
  return (
    <form onSubmit={submit} className="mt-6">
      <label htmlFor={field} className="text-sm font-medium">
        Or paste the link here
      </label>
      <div className="mt-2 flex gap-2">
        <input
          id={field}
          value={text}
          onChange={event => setText(event.target.value)}
          placeholder={`${location.origin}/#token=…`}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${field}-wrong` : undefined}
          className="figures h-9 min-w-0 grow rounded-sm border border-line-strong bg-sheet px-3 text-sm placeholder:text-ink-faint"
        />
        <Button type="submit">Use the link</Button>
      </div>
      {wrong && (
        <p id={`${field}-wrong`} role="alert" className="mt-2 text-sm text-red-ink">
          That is not a sign-in link: it has no token. Copy the whole line.
        </p>
      )}
    </form>
  )
}
