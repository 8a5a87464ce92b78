import type { Image } from '@calotype/sdk'
import { useMe } from '../access/me.tsx'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { mayDelete } from '../images/rights.ts'
import { useRestore } from '../images/use-restore.ts'

/** A deleted image shows nothing any more; whoever may delete it may take that back until its time is over. */
export function DeletedPicture({ image }: { image: Image }) {
  const me = useMe()
  const restore = useRestore()
  const purgeAt = image.purge_at
  const isTooLate = purgeAt === null || Date.parse(purgeAt) <= Date.now()
  return (
    <>
      <h2 className="flex items-center gap-2 font-medium">
        <Icon name="trash" /> This image was deleted
      </h2>
      <p className="mt-1 text-ink-soft">
        {isTooLate ? (
          'Its time in the bin is over: the original and every variant are being removed.'
        ) : (
          <>
            Links to it no longer work. It goes for good <Time iso={purgeAt} future />.
          </>
        )}
      </p>
      {!isTooLate && mayDelete(me, image.uploaded_by.id) && (
        <Button
          look="primary"
          icon="restore"
          className="mt-4"
          disabled={restore.isPending}
          onClick={() => restore.mutate([image.id])}
        >
          {restore.isPending ? 'Restoring…' : 'Restore'}
        </Button>
      )}
    </>
  )
}
