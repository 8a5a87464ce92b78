import { FORMAT_EXTENSIONS, type VariantFormat } from '../rendering/index.ts'

/** Where an upload lies: minted before the URL is signed, never changed, no user text in it. */
export const originalKey = (imageId: string): string => `uploads/${imageId}`

/** Everything that was made of an image; visibility is in the path because the CDN demands signatures per path pattern. */
export const variantPrefix = (visibility: 'private' | 'public', projectId: string, imageId: string): string =>
  `${visibility}/${projectId}/${imageId}/`

/** Immutable: another recipe or engine has another folder. */
export const variantKey = (prefix: string, recipeId: string, name: string, format: VariantFormat): string =>
  `${prefix}${recipeId}/${name}.${FORMAT_EXTENSIONS[format]}`
