import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { Confirm } from '../design/confirm.tsx'
import { useSay } from '../design/notices.tsx'
import { useProjectIfAny } from '../projects/project.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'
import { dropImages, refreshBin } from './sheet-cache.ts'
import { useRestore } from './use-restore.ts'

interface DeleteImagesProps {
  /** Empty: the question is closed. */
  ids: readonly string[]
  onClose: () => void
  onDeleted: (ids: readonly string[]) => void
  onReturn?: () => void
}

export function DeleteImages({ ids, onClose, onDeleted, onReturn }: DeleteImagesProps) {
  const client = useQueryClient()
  const say = useSay()
  const restore = useRestore()
  const days = useProjectIfAny()?.retention_days ?? 0
  const deletion = useMutation({
    mutationFn: (chosen: readonly string[]) => api.images.deleteMany(chosen),
    onSuccess: (_, chosen) => {
      dropImages(client, chosen)
      void refreshBin(client)
      const undo = { label: 'Undo', onDo: () => restore.mutate(chosen) }
      say({ text: `${counted(chosen.length, 'image')} deleted.`, ...(days > 0 && { action: undo }) })
      onDeleted(chosen)
    },
  })
  const one = ids.length === 1
  return (
    <Confirm
      open={ids.length > 0}
      title={`Delete ${one ? 'this image' : counted(ids.length, 'image')}?`}
      action="Delete"
      pending={deletion.isPending}
      error={deletion.error === null ? null : failureOfError(deletion.error).detail}
      onConfirm={() => deletion.mutate(ids)}
      onClose={() => {
        deletion.reset()
        onClose()
      }}
      {...(onReturn === undefined ? {} : { onReturn })}
    >
      {days > 0 ? (
        <>
          Links to {one ? 'it' : 'them'} stop working. In the bin {one ? 'it stays' : 'they stay'} for{' '}
          {counted(days, 'day')} and can be restored; then the {one ? 'original' : 'originals'} and every variant are
          removed for good.
        </>
      ) : (
        <>
          The {one ? 'original' : 'originals'} and every variant are removed at once, because this project keeps nothing
          that was deleted. This cannot be undone.
        </>
      )}
    </Confirm>
  )
}
