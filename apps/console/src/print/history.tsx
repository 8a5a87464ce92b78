import type { Image, ImageExplanation } from '@calotype/sdk'
import { statusEdge } from '../design/status-mark.tsx'
import { Time } from '../design/time.tsx'
import { formatDuration } from '../words/numbers.ts'
import { clockTimeWithSeconds, dayOf, exactTime } from '../words/times.ts'
import { wordsOf } from './steps.ts'

/** A line of time, and how long each step took. */
export function History({ image: { history }, steps }: { image: Image; steps: ImageExplanation['steps'] }) {
  const first = history[0]
  if (first === undefined) return null
  return (
    <>
      <p className="mb-3 text-xs text-ink-soft">
        Since {dayOf(first.at)}, <Time iso={first.at} />
      </p>
      <ol className="border-l border-line-strong text-sm">
        {history.map((step, index) => {
          const before = history[index - 1]
          const { what, detail } = wordsOf(step, index, steps)
          return (
            <li key={`${step.at} ${step.status}`} className="relative pb-4 pl-5 last:pb-0">
              <span
                aria-hidden="true"
                className={`absolute top-1.5 -left-[4.5px] size-2 rounded-full ring-2 ring-ground ${statusEdge[step.status]}`}
              />
              <p className="flex justify-between gap-4">
                {what}
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
              {detail !== null && <p className="mt-0.5 text-xs text-ink-soft">{detail}</p>}
            </li>
          )
        })}
      </ol>
    </>
  )
}
