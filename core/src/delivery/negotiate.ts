import type { VariantFormat } from '../rendering/index.ts'

/** A longer `Accept` is read up to here. */
export const MAX_ACCEPT_LENGTH = 1_024

/** Whether a media range list names the type itself with a quality above 0; wildcards count as nothing. */
function names(accept: string, mediaType: string): boolean {
  return accept.split(',').some(range => {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase())
    if (type !== mediaType) return false
    const q = parameters.find(parameter => parameter.startsWith('q='))
    return q === undefined || Number(q.slice(2)) > 0
  })
}

/** The formats to try, best first: AVIF if named in `Accept`, then WebP if named, then JPEG always (requirement D4). */
export function negotiateFormats(accept: string | undefined): readonly VariantFormat[] {
  const bounded = (accept ?? '').slice(0, MAX_ACCEPT_LENGTH)
  const formats: VariantFormat[] = []
  if (names(bounded, 'image/avif')) formats.push('avif')
  if (names(bounded, 'image/webp')) formats.push('webp')
  return [...formats, 'jpeg']
}
