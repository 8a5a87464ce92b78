import { Link, useNavigate } from '@tanstack/react-router'
import { buttonClass, IconButton } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { formatCount } from '../words/numbers.ts'
import { SearchField } from './search-field.tsx'
import type { SheetFilter } from './sheet.ts'
import { TileSizeChoice } from './toolbar.tsx'

interface BinBarProps {
  filter: SheetFilter
  /** Null while it is not known. */
  count: number | null
  hasMore: boolean
  onSelectMany: () => void
}

/** The bin says where one is and how to get back; a search within it stays in it. */
export function BinBar({ filter, count, hasMore, onSelectMany }: BinBarProps) {
  const navigate = useNavigate()
  const search = (q: string) =>
    void navigate({ to: '/', search: { status: 'deleted', ...(q !== '' && { q }) }, replace: true })
  return (
    <search className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2 sm:px-6">
      <Link to="/" className={`${buttonClass('quiet')} -ml-3`}>
        <Icon name="back" /> Light table
      </Link>
      <p className="flex items-center gap-2 text-sm font-medium">
        <Icon name="trash" /> Bin
        {count !== null && count > 0 && (
          <span className="figures text-xs font-normal text-ink-soft">
            {formatCount(count)}
            {hasMore ? '+' : ''}
          </span>
        )}
      </p>
      <p className="text-xs text-ink-faint max-lg:hidden">
        Select and press <kbd className="figures">R</kbd> to restore.
      </p>
      <span className="grow max-sm:hidden" />
      <SearchField value={filter.q ?? ''} onChange={search} />
      <IconButton icon="check" label="Select images" onClick={onSelectMany} className="pointer-fine:hidden" />
      <TileSizeChoice />
    </search>
  )
}
