import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { Button } from '../design/button.tsx'

interface DropAreaProps {
  /** What choosing a file does, such as Replace. */
  action: string
  busy: string | null
  multiple?: boolean
  onFiles: (files: readonly File[]) => void
  children: ReactNode
}

/** A place that takes files by drop, and by a button for all who do not drag. */
export function DropArea({ action, busy, multiple = false, onFiles, children }: DropAreaProps) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const all = [...(files ?? [])].slice(0, multiple ? undefined : 1)
    if (all.length > 0 && busy === null) onFiles(all)
  }
  const onDrop = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same
    <div
      onDragOver={event => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={`rounded-md ${over ? 'outline-2 outline-offset-4 outline-amber' : ''}`}
    >
      {children}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button icon="upload" disabled={busy !== null} onClick={() => input.current?.click()}>
          {busy ?? action}
        </Button>
        <span className="text-xs text-ink-faint pointer-coarse:hidden">or drop {multiple ? 'them' : 'it'} here</span>
      </div>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple={multiple}
        hidden
        onChange={event => {
          take(event.target.files)
          event.target.value = ''
        }}
      />
    </div>
  )
}
