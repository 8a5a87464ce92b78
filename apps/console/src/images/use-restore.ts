import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { useSay } from '../design/notices.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'
import { each } from './each.ts'
import { putImage, refreshBin } from './sheet-cache.ts'

/** Takes deletions back, one by one: what cannot be restored any more does not hold up the others. */
export function useRestore() {
  const client = useQueryClient()
  const say = useSay()
  return useMutation({
    mutationFn: (ids: readonly string[]) => each(ids, async id => putImage(client, await api.images.restore(id))),
    onSuccess: ({ done, failures }) => {
      void refreshBin(client)
      if (done > 0) say({ text: `${counted(done, 'image')} restored.` })
      const [first] = failures
      if (first === undefined) return
      const others = failures.length === 1 ? 'One image was' : `${counted(failures.length, 'image')} were`
      say({ text: `${others} not restored. ${failureOfError(first).detail}`, tone: 'bad' })
    },
  })
}
