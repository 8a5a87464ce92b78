import type { Image, Variant } from '@calotype/sdk'
import { formatBytes, formatDuration, formatSaving, formatSize, savingOf } from '../words/numbers.ts'
import { formatWord, sortedVariants, type VariantChoice } from './variants.ts'

interface ReceiptsProps {
  image: Image
  chosen: Variant | null
  onChoose: (choice: VariantChoice) => void
}

interface Column {
  head: string
  title?: string
  cell: (variant: Variant, image: Image) => string
}

const columns: readonly Column[] = [
  { head: 'Size', cell: ({ size_bytes }) => formatBytes(size_bytes) },
  {
    head: 'Saving',
    title: 'Against the original',
    cell: ({ size_bytes }, image) =>
      image.size_bytes === null ? '–' : formatSaving(savingOf(size_bytes, image.size_bytes)).replace(' saved', ''),
  },
  { head: 'Dimensions', cell: ({ width, height }) => formatSize(width, height) },
  { head: 'Quality', cell: ({ encoding }) => `${encoding.quality}` },
  { head: 'Effort', cell: ({ encoding }) => `${encoding.effort}` },
  { head: 'Chroma', cell: ({ encoding }) => encoding.chroma_subsampling },
  {
    head: 'Score',
    title: 'Likeness to the original pixels; 1 is identical',
    cell: ({ encoding }) => (encoding.score === null ? '–' : encoding.score.toFixed(3)),
  },
  {
    head: 'Encodes',
    title: 'Full encodes, and cheap probes before them',
    cell: ({ encoding }) => `${encoding.encodes}${encoding.probes > 0 ? ` + ${encoding.probes}` : ''}`,
  },
  { head: 'CPU', cell: ({ encoding }) => formatDuration(encoding.cpu_ms) },
]

/** What was made of the original, and what it cost: one line per variant. On a phone each line is a slip of its own. */
export function Receipts({ image, chosen, onChoose }: ReceiptsProps) {
  return (
    <section aria-labelledby="receipts">
      <h2 id="receipts" className="mb-2 font-medium">
        Receipts
      </h2>
      {/* Roles are spelled out because slips are not laid out as a table, and browsers then forget that it is one. */}
      {/* biome-ignore-start lint/a11y/noRedundantRoles: see above */}
      <table role="table" className="w-full text-sm max-md:block">
        <thead role="rowgroup" className="max-md:sr-only">
          <tr role="row" className="border-b border-line-strong text-xs text-ink-soft">
            <th role="columnheader" scope="col" className="py-2 pr-3 text-left font-normal">
              Variant
            </th>
            {columns.map(({ head, title }) => (
              <th
                key={head}
                role="columnheader"
                scope="col"
                title={title}
                className="px-2 py-2 text-right font-normal last:pr-3"
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="max-md:block">
          {sortedVariants(image).map(variant => {
            const isChosen = chosen?.object_key === variant.object_key
            return (
              <tr
                role="row"
                key={variant.object_key}
                className={`border-b border-line max-md:grid max-md:grid-cols-2 max-md:gap-x-6 max-md:py-3 ${isChosen ? 'bg-sheet' : ''}`}
              >
                <th
                  role="rowheader"
                  scope="row"
                  className="py-1.5 pr-3 text-left font-normal whitespace-nowrap max-md:col-span-2 max-md:px-2"
                >
                  <button
                    type="button"
                    aria-pressed={isChosen}
                    className={`-mx-2 rounded-sm border-l-2 px-2 py-0.5 hover:bg-hover ${isChosen ? 'border-amber font-medium' : 'border-transparent'}`}
                    onClick={() => onChoose({ name: variant.name, format: variant.format })}
                  >
                    {variant.name} {formatWord[variant.format]}
                  </button>
                </th>
                {columns.map(({ head, cell }) => (
                  <td
                    key={head}
                    role="cell"
                    className="figures px-2 py-1.5 text-right text-xs whitespace-nowrap last:pr-3 max-md:flex max-md:justify-between max-md:py-0.5"
                  >
                    <span aria-hidden="true" className="font-sans text-ink-soft md:hidden">
                      {head}
                    </span>
                    {cell(variant, image)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: see above */}
    </section>
  )
}
