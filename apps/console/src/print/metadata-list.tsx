import type { Image } from '@calotype/sdk'
import { factsOf } from './facts.ts'

export function MetadataList({ image }: { image: Image }) {
  const facts = factsOf(image)
  return (
    <section aria-labelledby="metadata">
      <h2 id="metadata" className="mb-2 font-medium">
        The original
      </h2>
      <dl className="divide-y divide-line border-y border-line text-sm">
        {facts.map(({ term, value, mono }) => (
          <div key={term} className="flex justify-between gap-4 py-1.5">
            <dt className="shrink-0 text-ink-soft">{term}</dt>
            <dd className={`min-w-0 text-right break-words ${mono ? 'figures text-xs leading-5 break-all' : ''}`}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {image.metadata?.gps && (
        <p className="mt-2 text-xs text-ink-faint">The position is in the original only; no variant carries it.</p>
      )}
    </section>
  )
}
