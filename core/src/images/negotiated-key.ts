import type { Cdn } from '../delivery/index.ts'
import { VARIANT_FORMATS, type VariantFormat } from '../rendering/index.ts'
import { isAnimatedKey } from './keys.ts'

interface File {
  name: string
  format: VariantFormat
  objectKey: string
}

/**
 * What is signed for a variant in whichever format a client takes: the key without its extension, which the CDN negotiates by `Accept`. A CDN
 * that chooses blindly gets that only where no choice can miss; else the variant's JPEG, which every client takes.
 */
export function negotiatedKey(cdn: Pick<Cdn, 'choosesBlindly'>, chosen: File, files: readonly File[]): string {
  const made = files.filter(file => file.name === chosen.name)
  const eligible = VARIANT_FORMATS.filter(format => format !== 'avif' || !isAnimatedKey(chosen.objectKey))
  const complete = eligible.every(format => made.some(file => file.format === format))
  if (!cdn.choosesBlindly || complete) return chosen.objectKey.replace(/\.[a-z0-9]+$/, '')
  return (made.find(file => file.format === 'jpeg') ?? chosen).objectKey
}
