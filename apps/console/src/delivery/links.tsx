import type { Image, SignedUrl, Variant } from '@calotype/sdk'
import { useState } from 'react'
import { Choice } from '../design/choice.tsx'
import { CopyButton } from '../design/copy-button.tsx'
import { formatWord } from '../rendering/variants.ts'
import { clockTime, exactTime } from '../words/times.ts'
import { type Snippets, snippetsFor } from './snippets.ts'

const kinds: readonly { value: keyof Snippets; label: string; what: string }[] = [
  { value: 'url', label: 'URL', what: 'the URL' },
  { value: 'html', label: 'HTML', what: 'the HTML' },
  { value: 'markdown', label: 'Markdown', what: 'the Markdown' },
  { value: 'curl', label: 'curl', what: 'the curl command' },
]

export function Links({ image, signed, variant }: { image: Image; signed: SignedUrl; variant: Variant }) {
  const [kind, setKind] = useState<keyof Snippets>('url')
  const text = snippetsFor(image, signed, variant.name, variant.format)[kind]
  const what = kinds.find(({ value }) => value === kind)?.what ?? 'it'
  return (
    <section aria-labelledby="links">
      <h2 id="links" className="mb-2 font-medium">
        Use {variant.name} {formatWord[variant.format]}
      </h2>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Choice legend="Kind of link" value={kind} options={kinds} onChange={setKind} />
        <CopyButton text={text} what={what} />
      </div>
      <textarea
        readOnly
        aria-label={`Text of ${what}`}
        value={text}
        rows={kind === 'html' ? 8 : 5}
        spellCheck={false}
        onFocus={event => event.target.select()}
        className="figures mt-2 block w-full resize-none rounded-sm bg-well p-3 text-xs break-all"
      />
      <p className="mt-1.5 text-xs text-ink-faint">
        Signed until{' '}
        <time dateTime={signed.expires_at} title={exactTime(signed.expires_at)}>
          {clockTime(signed.expires_at)}
        </time>
        . Ask the server for a fresh one each time it is used.
      </p>
    </section>
  )
}
