import { Button } from '../design/button.tsx'
import { counted, formatDuration, formatPercent, formatSpeed, NBSP } from '../words/numbers.ts'
import { summarize } from './queue.ts'
import { useUploadQueue, useUploads } from './uploads.tsx'

/** The batch as a whole, wherever one looks meanwhile. */
export function UploadStrip() {
  const queue = useUploadQueue()
  const { cancelAll, retryAll, remove } = useUploads()
  const { running, waiting, failed, finished, total, fraction, speed, remainingMs } = summarize(queue)
  if (running + waiting + failed === 0) return null
  const busy = running + waiting > 0
  const failures = queue.uploads.filter(({ state }) => state === 'failed')
  return (
    <section aria-label="Uploads" className="relative border-t border-line bg-sheet pb-[env(safe-area-inset-bottom)]">
      {busy && (
        <div
          role="progressbar"
          aria-label="All uploads"
          aria-valuenow={Math.round(fraction * 100)}
          className="absolute inset-x-0 -top-px h-0.5 bg-line"
        >
          <div className="h-full bg-amber" style={{ width: `${fraction * 100}%` }} />
        </div>
      )}
      <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5 text-sm sm:px-6">
        {busy && (
          <p>
            Uploading {Math.min(finished + 1, total)} of {counted(total, 'photo')}
            <span className="figures ml-3 text-xs text-ink-soft">
              {formatPercent(fraction * 100)}
              {speed > 0 && ` · ${formatSpeed(speed)}`}
              {remainingMs !== null && remainingMs > 1_000 && ` · ${formatDuration(remainingMs)} left`}
            </span>
          </p>
        )}
        {failed > 0 && (
          <p className="text-red-ink">
            {counted(failed, 'upload')}
            {NBSP}failed
          </p>
        )}
        <span className="grow" />
        {failures.some(({ failure }) => failure?.canRetry) && (
          <Button look="quiet" icon="retry" onClick={retryAll}>
            Try again
          </Button>
        )}
        {failed > 0 && (
          <Button look="quiet" onClick={() => remove(failures.map(({ key }) => key))}>
            Clear failed
          </Button>
        )}
        {busy && (
          <Button look="quiet" icon="close" onClick={cancelAll}>
            Cancel all
          </Button>
        )}
      </div>
    </section>
  )
}
