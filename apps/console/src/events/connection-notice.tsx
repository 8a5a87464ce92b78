import { Icon } from '../design/icon.tsx'
import { useLive } from './live.tsx'

/** Silent as long as all is well. */
export function ConnectionNotice() {
  const live = useLive()
  return (
    <div role="status" aria-live="polite">
      {live === 'lost' && (
        <p className="flex items-center justify-center gap-2 border-b border-line bg-sheet px-4 py-2 text-sm">
          <span className="text-amber-ink">
            <Icon name="offline" />
          </span>
          <span>
            <strong className="font-medium">Not live.</strong> The connection to the server is lost; what you see may be
            old. Reconnecting by itself.
          </span>
        </p>
      )}
    </div>
  )
}
