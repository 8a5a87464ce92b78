import type { Image, ImageExplanation } from '@calotype/sdk'
import { useQuery } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { failureOfError } from '../words/failures.ts'
import { isSettled } from '../words/statuses.ts'
import { History } from './history.tsx'
import { withoutNotes } from './steps.ts'

/** What it waits for may change without a change of the image. */
const LOOK_AGAIN_MS = 5_000

/** What happened, what it waits for and when it is tried next; then how it came to that, step by step. */
export function Explanation({ image }: { image: Image }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['explanation', image.id, image.updated_at],
    queryFn: ({ signal }) => api.images.explain(image.id, { signal }),
    refetchInterval: isSettled(image.status) ? false : LOOK_AGAIN_MS,
  })
  return (
    <section aria-labelledby="why">
      <h2 id="why" className="mb-2 font-medium">
        Why it is here
      </h2>
      {data !== undefined && <Told told={data} notes={image.notes} />}
      {data === undefined && error === null && (
        <div
          role="status"
          aria-label="Loading the explanation"
          className="mb-4 h-10 animate-breathe rounded-sm bg-bone"
        />
      )}
      {data === undefined && error !== null && (
        <p role="alert" className="mb-4 text-sm text-ink-soft">
          The explanation could not be loaded. {failureOfError(error).detail}{' '}
          <button type="button" className="underline" onClick={() => void refetch()}>
            Try again
          </button>
        </p>
      )}
      <History image={image} steps={data?.steps ?? []} />
    </section>
  )
}

function Told({ told, notes }: { told: ImageExplanation; notes: readonly string[] }) {
  const { summary, waiting_for: waitingFor, next_retry_at: nextTry } = told
  return (
    <div className="mb-4 text-sm" aria-live="polite">
      <p className="text-pretty break-words">{withoutNotes(summary, notes)}</p>
      {(waitingFor !== null || nextTry !== null) && (
        <p className="mt-2 flex gap-2 text-ink-soft">
          <span className="mt-0.5 text-amber-ink">
            <Icon name="hourglass" />
          </span>
          <span>
            {waitingFor !== null && <>Waits for {waitingFor}. </>}
            {nextTry !== null && (
              <>
                Next try <Time iso={nextTry} future />.
              </>
            )}
          </span>
        </p>
      )}
    </div>
  )
}
