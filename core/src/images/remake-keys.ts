import type { Recipe } from '../rendering/index.ts'
import type { Image } from './image.ts'
import { visibilityOf } from './keys.ts'

/** Whether everything that an image has was made by this recipe, whichever attempt made it and wherever it moved. */
export const isMadeBy = (image: Pick<Image, 'variants'>, recipe: Recipe): boolean =>
  image.variants.length > 0 &&
  image.variants.every(({ objectKey }) => {
    const folder = objectKey.split('/').at(-2) ?? ''
    return folder === recipe.id || folder.startsWith(`${recipe.id}-`)
  })

/** Whether everything that an image has lies where this visibility wants it. */
export const isUnder = ({ variants }: Pick<Image, 'variants'>, visibility: 'private' | 'public'): boolean =>
  variants.every(({ objectKey }) => visibilityOf(objectKey) === visibility)
