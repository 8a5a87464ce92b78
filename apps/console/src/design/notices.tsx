import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

export interface Notice {
  text: string
  tone?: 'good' | 'bad'
  /** What can be done about it, while it is shown. */
  action?: { label: string; onDo: () => void }
}

const Say = createContext<(notice: Notice) => void>(() => undefined)

/** Says something once, to eyes and to screen readers. */
export const useSay = (): ((notice: Notice) => void) => useContext(Say)

const SHOWN_MS = 6_000
/** Long enough to see it, think, and reach it. */
const SHOWN_WITH_ACTION_MS = 10_000
const MOST = 3

export function Notices({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly (Notice & { key: number })[]>([])
  const made = useRef(0)
  const dismiss = useCallback((key: number) => setShown(all => all.filter(notice => notice.key !== key)), [])
  const say = useCallback(
    (notice: Notice) => {
      const key = ++made.current
      setShown(all => [...all, { ...notice, key }].slice(-MOST))
      // What went wrong stays until it was read.
      if (notice.tone !== 'bad') {
        setTimeout(() => dismiss(key), notice.action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS)
      }
    },
    [dismiss],
  )
  const list = useMemo(
    () =>
      shown.map(({ key, text, tone, action }) => (
        <div
          key={key}
          className="pointer-events-auto flex items-start gap-3 rounded-md border border-line bg-sheet py-2 pr-2 pl-4 text-sm shadow-float animate-arrive"
        >
          <span className={`mt-1 ${tone === 'bad' ? 'text-red-ink' : 'text-green-ink'}`}>
            <Icon name={tone === 'bad' ? 'warning' : 'check'} />
          </span>
          <p className="my-0.5 grow">{text}</p>
          {action !== undefined && (
            <button
              type="button"
              className="h-7 shrink-0 rounded-sm px-2 font-medium text-amber-ink hover:bg-hover"
              onClick={() => {
                dismiss(key)
                action.onDo()
              }}
            >
              {action.label}
            </button>
          )}
          <IconButton small icon="close" label="Dismiss" onClick={() => dismiss(key)} />
        </div>
      )),
    [shown, dismiss],
  )
  return (
    <Say value={say}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-20 z-30 mx-auto flex max-w-md flex-col gap-2"
      >
        {list}
      </div>
    </Say>
  )
}
