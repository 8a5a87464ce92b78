/** What this browser sent it can show at once, before any variant is there. */
export function createPreviews() {
  const urls = new Map<string, string>()
  return {
    /** Of an upload or of an image; made when first asked for, because most of a large batch is never in view. */
    of: (key: string, file?: File): string | null => {
      const known = urls.get(key)
      if (known !== undefined) return known
      if (file === undefined) return null
      const url = URL.createObjectURL(file)
      urls.set(key, url)
      return url
    },
    /** The upload has become an image. */
    handOver: (key: string, imageId: string): void => {
      const url = urls.get(key)
      if (url === undefined) return
      urls.delete(key)
      urls.set(imageId, url)
    },
    release: (key: string): void => {
      const url = urls.get(key)
      if (url === undefined) return
      urls.delete(key)
      URL.revokeObjectURL(url)
    },
  }
}
