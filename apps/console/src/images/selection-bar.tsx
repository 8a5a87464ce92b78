import { api } from '../app/api.ts'
import { Button, IconButton } from '../design/button.tsx'
import { copyText } from '../design/copy.ts'
import { useSay } from '../design/notices.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'
import { clockTime } from '../words/times.ts'

interface SelectionBarProps {
  ids: ReadonlySet<string>
  /** How many of them one may delete. */
  deletable: number
  /** In the bin there is nothing to copy and nothing to delete, only to restore. */
  inBin: boolean
  onRestore: () => void
  onDelete: () => void
  onClear: () => void
}

/** Takes the place of the toolbar while something is selected. */
export function SelectionBar({ ids, deletable, inBin, onRestore, onDelete, onClear }: SelectionBarProps) {
  const copyUrls = useCopyUrls()
  return (
    <section
      aria-label="Selection"
      className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line bg-sheet px-3 py-2 sm:px-6"
    >
      <IconButton icon="close" label="Clear selection" onClick={onClear} />
      <p role="status" className="grow text-sm font-medium">
        {ids.size} selected
      </p>
      {!inBin && (
        <Button icon="copy" disabled={ids.size === 0} onClick={() => copyUrls([...ids])}>
          Copy URLs
        </Button>
      )}
      {inBin && (deletable > 0 || ids.size === 0) && (
        <Button look="primary" icon="restore" disabled={ids.size === 0} onClick={onRestore}>
          {deletable < ids.size ? `Restore ${deletable} of them` : 'Restore'}
        </Button>
      )}
      {!inBin && (deletable > 0 || ids.size === 0) && (
        <Button icon="trash" disabled={ids.size === 0} onClick={onDelete}>
          {deletable < ids.size ? `Delete ${deletable} of them` : 'Delete'}
        </Button>
      )}
    </section>
  )
}

function useCopyUrls() {
  const say = useSay()
  return async (ids: readonly string[]) => {
    const signed = api.images.signedUrls(ids, { variant: 'full' })
    try {
      await copyText(signed.then(({ items }) => items.map(({ download_url }) => download_url).join('\n')))
      const { items, not_found } = await signed
      const until = items.map(({ expires_at }) => expires_at).sort()[0]
      const missing = not_found.length > 0 ? ` ${counted(not_found.length, 'image')} not ready yet.` : ''
      const valid = until === undefined ? '' : ` Good until ${clockTime(until)}.`
      say({ text: `${counted(items.length, 'URL')} copied.${valid}${missing}` })
    } catch (error) {
      say({ text: failureOfError(error).detail, tone: 'bad' })
    }
  }
}
