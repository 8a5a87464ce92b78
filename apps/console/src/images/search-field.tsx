import { useEffect, useRef, useState } from 'react'
import { Icon } from '../design/icon.tsx'

const PAUSE_MS = 250

/** Searches when one pauses typing. */
export function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  const report = useRef(onChange)
  report.current = onChange
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => report.current(text.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value])
  return (
    <label className="relative flex min-w-0 grow basis-32 items-center text-ink-faint sm:max-w-72">
      <span className="pointer-events-none absolute left-2.5">
        <Icon name="search" />
      </span>
      <input
        type="search"
        aria-label="Search by file name"
        placeholder="Search by file name"
        value={text}
        onChange={event => setText(event.target.value)}
        className="h-8.5 w-full rounded-sm border border-line-strong bg-sheet pr-2 pl-8.5 text-sm text-ink placeholder:text-ink-faint"
      />
    </label>
  )
}
