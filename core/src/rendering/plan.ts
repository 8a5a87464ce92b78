import { createHash } from 'node:crypto'
import type { Recipe, VariantSpec } from './recipe.ts'

const RECIPE_ID_LENGTH = 12

/**
 * The recipe for these variants on this engine. Its id is the folder of the files: equal inputs give equal bytes at equal keys, so an attempt
 * that repeats another one writes the same; anything else gets another folder, and keys stay immutable.
 */
export function planRecipe(variants: readonly VariantSpec[], engineVersion: string): Recipe {
  const id = createHash('sha256')
    .update(JSON.stringify([engineVersion, variants]))
    .digest('hex')
    .slice(0, RECIPE_ID_LENGTH)
  return { id, variants }
}
