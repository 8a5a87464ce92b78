import { useSyncExternalStore } from 'react'
import { exactTime, relativeTime } from '../words/times.ts'

const TICK_MS = 30_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for all times on the page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** `future`: what is to come; without it a clock that runs ahead is taken for now. */
export function Time({ iso, future = false }: { iso: string; future?: boolean }) {
  const at = useSyncExternalStore(subscribe, () => now)
  return (
    <time dateTime={iso} title={exactTime(iso)}>
      {relativeTime(iso, future ? at : Math.max(at, Date.parse(iso)))}
    </time>
  )
}
