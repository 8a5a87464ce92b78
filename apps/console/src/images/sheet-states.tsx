import { Link } from '@tanstack/react-router'
import { useMay } from '../access/me.tsx'
import { Button, buttonClass } from '../design/button.tsx'
import { CopyIconButton } from '../design/copy-button.tsx'
import { Message } from '../design/message.tsx'
import { useProject } from '../projects/project.tsx'
import { listOf, typeName } from '../uploads/check-file.ts'
import { ChooseFiles, TakePhoto } from '../uploads/choose-files.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted, formatBytes } from '../words/numbers.ts'
import { statusWord } from '../words/statuses.ts'
import { noteOf } from './note.ts'
import { isBin, type SheetFilter } from './sheet.ts'
import { layoutFor, useTileSize } from './tile-size.ts'

export function EmptySheet() {
  const project = useProject()
  const mayUpload = useMay('image.write')
  const types = [...new Set(project.allowed_types.map(typeName))]
  const command = `curl -H "authorization: Bearer $(cat data/owner.key)" -F file=@photo.jpg ${location.origin}/api/v1/images/upload`
  return (
    <Message
      title="The light table is empty"
      actions={
        mayUpload && (
          <>
            <ChooseFiles label="Choose photos" />
            <TakePhoto />
          </>
        )
      }
      more={
        mayUpload && (
          <div className="mt-10 w-full text-left">
            <p className="text-sm">Or from a terminal:</p>
            <div className="mt-1 flex items-center justify-between rounded-sm bg-well py-1 pr-1 pl-3">
              <code className="figures py-1.5 pr-2 text-xs break-all text-ink">{command}</code>
              <CopyIconButton text={command} what="the command" />
            </div>
          </div>
        )
      }
    >
      <p>
        {mayUpload ? (
          <>
            <span className="pointer-coarse:hidden">Drop photos anywhere on this page.</span>
            <span className="pointer-fine:hidden">Choose photos, or take one.</span>
          </>
        ) : (
          'What others upload appears here at once.'
        )}{' '}
        Each becomes small, clean variants, signed for delivery, without the place and camera data of the original.
      </p>
      <p className="mt-2 text-sm text-ink-faint">
        {listOf(types)}, up to {formatBytes(project.max_bytes)} each.
      </p>
      <p className="mt-2 text-sm">
        <Link to="/" search={{ status: 'deleted' }} className="underline">
          Look into the bin
        </Link>
      </p>
    </Message>
  )
}

export function EmptyBin() {
  const { retention_days: days } = useProject()
  return (
    <Message
      title="The bin is empty"
      actions={
        <Link to="/" className={buttonClass('plain')}>
          To the light table
        </Link>
      }
    >
      <p>
        {days > 0
          ? `What is deleted lies here for ${counted(days, 'day')} and can be restored; then it goes for good.`
          : 'This project keeps nothing that was deleted: it goes at once. Its settings say for how long it could stay.'}
      </p>
    </Message>
  )
}

export function NothingFound({ filter }: { filter: SheetFilter }) {
  const { status, q } = filter
  const named = q === undefined ? '' : ` named “${q}”`
  const state = status === undefined ? '' : ` ${statusWord[status].toLowerCase()}`
  return (
    <Message
      title={q === undefined ? `No image is${state}` : `No${state} image is${named}`}
      actions={
        isBin(filter) ? (
          <Link to="/" search={{ status: 'deleted' }} className={buttonClass('plain')}>
            Show the whole bin
          </Link>
        ) : (
          <Link to="/" className={buttonClass('plain')}>
            Show all images
          </Link>
        )
      }
    >
      <p>{status === 'failed' && q === undefined ? 'That is good news.' : 'Try another word or another status.'}</p>
    </Message>
  )
}

export function SheetError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Message
      role="alert"
      title="The images could not be loaded"
      note={noteOf(error)}
      actions={
        <Button look="primary" icon="retry" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <p>{failureOfError(error).detail}</p>
    </Message>
  )
}

/** The shape of what is coming, so that nothing jumps. */
export function SheetSkeleton({ width }: { width: number }) {
  const size = useTileSize()
  const { columns, gap, padding, rowHeight } = layoutFor(width, size)
  return (
    <div role="status" aria-label="Loading images" className="overflow-hidden" style={{ padding }}>
      <div className="grid animate-breathe" style={{ gap, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {Array.from({ length: columns * 5 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same and never move
          <div key={index} style={{ height: rowHeight - gap }}>
            <div className={`rounded-sm bg-bone ${size === 'large' ? 'aspect-[4/3]' : 'aspect-square'}`} />
            <div className="mt-2.5 h-3 w-3/4 rounded-sm bg-bone" />
            <div className="mt-2 h-2.5 w-1/2 rounded-sm bg-bone" />
          </div>
        ))}
      </div>
    </div>
  )
}
