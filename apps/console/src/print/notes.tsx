import { Icon } from '../design/icon.tsx'

/** What of the original no variant shows: an animation that was stopped, layers, a depth map. */
export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null
  return (
    <section aria-labelledby="notes">
      <h2 id="notes" className="mb-2 font-medium">
        What the variants leave out
      </h2>
      <ul className="space-y-1 text-sm text-ink-soft">
        {notes.map(note => (
          <li key={note} className="flex gap-2">
            <span className="mt-0.5 text-ink-faint">
              <Icon name="eye" />
            </span>
            {note}
          </li>
        ))}
      </ul>
    </section>
  )
}
