import { type Calotype, CalotypeError, type Image } from '@calotype/sdk'
import type { SendOptions } from './uploader.ts'

/** From here on it costs less to send in pieces than to send all of it again after a lost connection. */
export const RESUMABLE_FROM_BYTES = 20 * 1024 * 1024

type Images = Pick<Calotype['images'], 'upload' | 'uploadResumable'>

/** Sends files in one request or, if they are large, in pieces; one that is tried again goes on where it was. */
export function createFileSender(images: Images) {
  const begun = new WeakMap<File, string>()
  return async (file: File, { projectId, onProgress, signal }: SendOptions): Promise<Image> => {
    const options = { projectId, signal, onProgress: ({ sent }: { sent: number }) => onProgress(sent) }
    // Without a type the content alone decides, which only a form can say.
    if (file.size < RESUMABLE_FROM_BYTES || file.type === '') return images.upload(file, options)
    try {
      const onBegun = (id: string) => void begun.set(file, id)
      return await images.uploadResumable(file, { ...options, resume: begun.get(file), onBegun })
    } catch (error) {
      // What was refused begins anew; what was only cut off goes on.
      if (error instanceof CalotypeError && error.status >= 400 && error.status < 500) begun.delete(file)
      throw error
    }
  }
}
