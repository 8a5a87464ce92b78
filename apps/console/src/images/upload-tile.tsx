import { IconButton } from '../design/button.tsx'
import { StatusMark } from '../design/status-mark.tsx'
import type { Upload } from '../uploads/queue.ts'
import { useUploads } from '../uploads/uploads.tsx'
import { formatBytes } from '../words/numbers.ts'
import { Caption, Cell, Well } from './cell.tsx'
import { nameOfUpload, uploadWords } from './entries.ts'
import { Sent } from './tile-picture.tsx'
import type { TileSize } from './tile-size.ts'

interface UploadTileProps {
  upload: Upload
  size: TileSize
  column: number
  characters: number
  active: boolean
  onFocus: () => void
}

/** On its way: the picture is this browser's own file. */
export function UploadTile({ upload, size, column, characters, active, onFocus }: UploadTileProps) {
  const { retry, remove, fileOf, previews } = useUploads()
  const { key, name, failure } = upload
  const preview = previews.of(key, fileOf(key))
  const stop = active ? 0 : -1
  return (
    <Cell
      entryKey={key}
      name={nameOfUpload(upload)}
      column={column}
      status={failure === null ? 'uploading' : 'failed'}
      active={active}
      selected={false}
      onFocus={onFocus}
    >
      <Well large={size === 'large'} edge={<Edge upload={upload} />}>
        {preview !== null && (
          <Sent url={preview} className={`absolute inset-0 size-full object-cover ${failure ? '' : 'opacity-60'}`} />
        )}
        {failure !== null && (
          <div className="absolute inset-0 flex flex-col justify-end overflow-hidden bg-sheet/92 p-2.5 pb-3.5">
            <p className="text-sm leading-4 font-medium">{failure.title}</p>
            <p className="mt-1 line-clamp-4 text-xs text-ink-soft max-sm:line-clamp-2">{failure.detail}</p>
          </div>
        )}
        <div className="absolute top-1 right-1 flex gap-1 rounded-sm bg-sheet">
          {failure?.canRetry && (
            <IconButton small icon="retry" label={`Try ${name} again`} tabIndex={stop} onClick={() => retry(key)} />
          )}
          <IconButton
            small
            icon="close"
            label={failure === null ? `Cancel ${name}` : `Remove ${name}`}
            tabIndex={stop}
            onClick={() => remove([key])}
          />
        </div>
      </Well>
      <Caption name={name} characters={characters}>
        {failure === null ? (
          <span className="truncate text-amber-ink">{uploadWords(upload)}</span>
        ) : (
          <StatusMark status="failed" word="Not uploaded" />
        )}
        <span className="figures shrink-0 text-ink-soft max-sm:hidden">{formatBytes(upload.size)}</span>
      </Caption>
    </Cell>
  )
}

function Edge({ upload: { name, state, sent, size } }: { upload: Upload }) {
  if (state === 'failed') return <div className="h-[3px] bg-red-ink" />
  const percent = size === 0 ? 0 : Math.round((sent / size) * 100)
  return (
    <div role="progressbar" aria-label={`Upload of ${name}`} aria-valuenow={percent} className="h-1 bg-sheet">
      <div
        className={`h-full bg-amber ${state === 'arrived' ? 'animate-breathe' : ''}`}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
