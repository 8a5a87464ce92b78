import { newId } from '../ids.ts'
import { FORMAT_EXTENSIONS, type VariantFormat } from '../rendering/index.ts'

/** Where an upload lies: minted before the URL is signed, never changed, no user text in it. */
export const originalKey = (imageId: string): string => `uploads/${imageId}`

/** Where the pieces of resumable uploads lie: apart from what is whole, so that no storage event takes one for an upload. */
export const CHUNKS_PREFIX = 'resumable/'

/** Never used twice: two that send the same bytes at the same moment do not overwrite each other. */
export const chunkKey = (imageId: string, start: number): string => `${CHUNKS_PREFIX}${imageId}/${start}-${newId()}`

/** Everything that was made of an image; visibility is in the path because the CDN demands signatures per path pattern. */
export const variantPrefix = (visibility: 'private' | 'public', projectId: string, imageId: string): string =>
  `${visibility}/${projectId}/${imageId}/`

/** Under which visibility a variant lies. */
export const visibilityOf = (objectKey: string): 'private' | 'public' =>
  objectKey.startsWith('public/') ? 'public' : 'private'

/** Immutable: another recipe or engine has another folder. */
export const variantKey = (prefix: string, folder: string, name: string, format: VariantFormat): string =>
  `${prefix}${folder}/${name}.${FORMAT_EXTENSIONS[format]}`

/**
 * The folder of an animated image's files ends in this, for a CDN knows nothing but the key: there WebP moves, JPEG shows the first frame,
 * and AVIF does not exist (requirement V9).
 */
const ANIMATED_SUFFIX = '-a'

/** The folder of one rendering among the files of an image. */
export const renderingFolder = (recipeId: string, animated: boolean): string =>
  animated ? `${recipeId}${ANIMATED_SUFFIX}` : recipeId

/**
 * Every attempt after the first has a folder of its own: what one left behind can be removed whenever it is found, although another
 * attempt, after a restore or a retry, is just writing.
 */
export const attemptFolder = (recipeId: string, attempt: number): string =>
  attempt > 1 ? `${recipeId}-n${attempt}` : recipeId

/** The number of the attempt that made the file at a key. */
export const attemptOf = (objectKey: string): number =>
  Number(/-n(\d+)(?=-|$)/.exec(objectKey.split('/').at(-2) ?? '')?.[1] ?? 1)

/** What a move added to the folder. */
const MOVED = /-[0-9a-z]{26}$/

/**
 * The key of a variant under another prefix, in a folder that was never used before: what a move left behind is removed later, and
 * must not be what a move back has brought.
 */
export function movedKey(objectKey: string, prefix: string, token: string): string {
  const [folder = '', file = ''] = objectKey.split('/').slice(-2)
  const animated = folder.endsWith(ANIMATED_SUFFIX)
  const recipe = (animated ? folder.slice(0, -ANIMATED_SUFFIX.length) : folder).replace(MOVED, '')
  return `${prefix}${renderingFolder(`${recipe}-${token.toLowerCase()}`, animated)}/${file}`
}

/** Whether a variant's key, with or without its extension, stands in the folder of an animation. */
export const isAnimatedKey = (objectKey: string): boolean =>
  objectKey.split('/').at(-2)?.endsWith(ANIMATED_SUFFIX) ?? false
