import type { Image } from '@calotype/sdk'
import { Time } from '../design/time.tsx'

const words: Record<Image['analysis']['status'], string> = {
  none: '',
  queued: 'Asked for, waiting for the pipeline',
  processing: 'Under way',
  completed: 'Done',
  failed: 'Failed',
}

/** What the detection pipeline has found, as it reports it; nothing where it was not asked. */
export function Analysis({ analysis }: Pick<Image, 'analysis'>) {
  const { status, types, result, updated_at: updatedAt } = analysis
  if (status === 'none') return null
  return (
    <section aria-labelledby="analysis">
      <h2 id="analysis" className="mb-2 font-medium">
        Analysis
      </h2>
      <p role="status" className="flex flex-wrap justify-between gap-x-4 text-sm">
        <span>{words[status]}</span>
        {updatedAt !== null && (
          <span className="figures text-xs leading-5 text-ink-soft">
            <Time iso={updatedAt} />
          </span>
        )}
      </p>
      <p className="mt-0.5 text-xs text-ink-soft">Looks for {types.join(', ')}.</p>
      {result !== null && result !== undefined && (
        <pre className="figures mt-2 rounded-sm bg-well p-3 text-xs break-words whitespace-pre-wrap">
          {JSON.stringify(result, null, 2)}
        </pre>
      )}
    </section>
  )
}
