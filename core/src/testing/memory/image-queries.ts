import type { Image, ImageQuery } from '../../images/index.ts'

/** Newest first, by id: ULIDs sort by the time of their making. */
export const newestFirst = (left: Pick<Image, 'id'>, right: Pick<Image, 'id'>): number => (left.id < right.id ? 1 : -1)

const contains = (text: string | null | undefined, part: string): boolean =>
  text?.toLowerCase().includes(part.toLowerCase()) ?? false

const hasAttributes = ({ attributes }: Image, wanted: ImageQuery['attributes']): boolean =>
  Object.entries(wanted).every(
    ([key, values]) => Object.hasOwn(attributes, key) && values.some(value => value === attributes[key]),
  )

/** Whether an image is on the list that the query asks for. */
export function matchesQuery(image: Image, query: ImageQuery): boolean {
  const { metadata } = image
  return (
    image.projectId === query.projectId &&
    image.purgeState === null &&
    (query.status === null ? image.status !== 'deleted' : image.status === query.status) &&
    (query.contentType === null || image.contentType === query.contentType) &&
    (query.camera === null ||
      contains(metadata?.camera_make, query.camera) ||
      contains(metadata?.camera_model, query.camera)) &&
    (query.reference === null || image.reference === query.reference) &&
    hasAttributes(image, query.attributes) &&
    (query.from === null || image.createdAt >= query.from) &&
    (query.to === null || image.createdAt < query.to) &&
    (query.search === null || contains(image.fileName, query.search)) &&
    (query.before === null || image.id < query.before)
  )
}
