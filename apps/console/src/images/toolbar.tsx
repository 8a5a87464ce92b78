import type { ImageStatus } from '@calotype/sdk'
import { Link, useNavigate } from '@tanstack/react-router'
import { buttonClass, IconButton } from '../design/button.tsx'
import { Choice, type ChoiceOption } from '../design/choice.tsx'
import { Icon } from '../design/icon.tsx'
import { formatCount, NBSP } from '../words/numbers.ts'
import { SearchField } from './search-field.tsx'
import type { SheetFilter } from './sheet.ts'
import { setTileSize, useTileSize } from './tile-size.ts'

type StatusChoice = ImageStatus | 'all'

const statuses: readonly ChoiceOption<StatusChoice>[] = [
  { value: 'all', label: 'All' },
  { value: 'ready', label: 'Ready' },
  { value: 'processing', label: 'Processing' },
  { value: 'uploaded', label: 'Waiting' },
  { value: 'failed', label: 'Failed' },
]

interface ToolbarProps {
  filter: SheetFilter
  /** Null while it is not known. */
  count: number | null
  hasMore: boolean
  onSelectMany: () => void
}

export function Toolbar({ filter, count, hasMore, onSelectMany }: ToolbarProps) {
  const navigate = useNavigate()
  const change = (next: SheetFilter) => void navigate({ to: '/', search: next, replace: true })
  return (
    <search className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-3 py-2 sm:px-6">
      <SearchField value={filter.q ?? ''} onChange={q => change({ ...filter, q: q === '' ? undefined : q })} />
      <div className="-my-1 flex min-w-0 overflow-x-auto py-1 max-sm:order-last max-sm:w-full max-sm:[scrollbar-width:none]">
        <Choice
          legend="Filter by status"
          value={filter.status ?? 'all'}
          options={statuses}
          onChange={status => change({ ...filter, status: status === 'all' ? undefined : status })}
        />
      </div>
      <p className="figures ml-auto text-xs text-ink-soft max-sm:hidden">
        {count !== null && `${formatCount(count)}${hasMore ? '+' : ''}${NBSP}${count === 1 ? 'image' : 'images'}`}
      </p>
      {/* With a mouse and with keys one selects at the tile itself. */}
      <IconButton icon="check" label="Select images" onClick={onSelectMany} className="pointer-fine:hidden" />
      <Link
        to="/"
        search={{ status: 'deleted' }}
        title="Bin: what was deleted and can be restored"
        className={`${buttonClass('quiet')} max-sm:w-9 max-sm:px-0`}
      >
        <Icon name="trash" />
        <span className="max-sm:sr-only">Bin</span>
      </Link>
      <TileSizeChoice />
    </search>
  )
}

export function TileSizeChoice() {
  const size = useTileSize()
  return (
    <Choice
      legend="Tile size"
      value={size}
      options={[
        { value: 'small', label: <Icon name="small" />, name: 'Small tiles' },
        { value: 'large', label: <Icon name="large" />, name: 'Large tiles' },
      ]}
      onChange={setTileSize}
    />
  )
}
