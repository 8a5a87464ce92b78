import type { ImageStatus } from './image.ts'

/** Which project an image is in, and how far it got. */
export interface LocatedImage {
  projectId: string
  imageId: string
  status: ImageStatus
}

/** What storage's own events need: the key of an upload names an image and no project. */
export interface UploadLocator {
  /** Those of these images that there are, by id alone. Nothing but their place is told: whoever goes on loads them by project. */
  locate(imageIds: readonly string[]): Promise<readonly LocatedImage[]>
}
