import type { Image } from '@calotype/sdk'
import { statusEdge } from '../design/status-mark.tsx'
import { Time } from '../design/time.tsx'
import { formatDuration } from '../words/numbers.ts'
import { statusSentence } from '../words/statuses.ts'
import { clockTimeWithSeconds, dayOf, exactTime } from '../words/times.ts'

/** A line of time, and how long each step took. */
export function History({ image: { history, failure } }: { image: Image }) {
  const first = history[0]
  if (first === undefined) return null
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="mb-3 flex items-baseline justify-between font-medium">
        History
        <span className="text-xs font-normal text-ink-soft">
          {dayOf(first.at)}, <Time iso={first.at} />
        </span>
      </h2>
      <ol className="border-l border-line-strong text-sm">
        {history.map((step, index) => {
          const before = history[index - 1]
          return (
            <li key={`${step.at} ${step.status}`} className="relative pb-4 pl-5 last:pb-0">
              <span
                aria-hidden="true"
                className={`absolute top-1.5 -left-[4.5px] size-2 rounded-full ring-2 ring-ground ${statusEdge[step.status]}`}
              />
              <p className="flex justify-between gap-4">
                {statusSentence[step.status]}
                <time
                  dateTime={step.at}
                  title={exactTime(step.at)}
                  className="figures shrink-0 text-xs leading-5 text-ink-soft"
                >
                  {clockTimeWithSeconds(step.at)}
                </time>
              </p>
              {before !== undefined && (
                <p className="figures text-xs text-ink-faint">
                  after {formatDuration(Date.parse(step.at) - Date.parse(before.at))}
                </p>
              )}
              {step.detail !== null && step.detail !== failure?.detail && (
                <p className="mt-0.5 text-xs text-ink-soft">{step.detail}</p>
              )}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
