import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { Confirm } from '../design/confirm.tsx'
import { useSay } from '../design/notices.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'
import { dropImages } from './sheet-cache.ts'

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
  const deletion = useMutation({
    mutationFn: (chosen: readonly string[]) => api.images.deleteMany(chosen),
    onSuccess: (_, chosen) => {
      dropImages(client, chosen)
      say({ text: `${counted(chosen.length, 'image')} deleted.` })
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
      {one ? 'The original and every variant are removed, ' : 'The originals and every variant are removed, '}
      and links to them stop working. This cannot be undone here.
    </Confirm>
  )
}
