import { invalidLabel } from './errors.ts'

/** Characters as people count them (code points). */
export const MAX_ALT_LENGTH = 1_000
export const MAX_REFERENCE_LENGTH = 255
/** Of the attributes as JSON in UTF-8. */
export const MAX_ATTRIBUTES_BYTES = 1_024
/** Objects and lists inside of each other, the attributes themselves counted. */
export const MAX_ATTRIBUTES_DEPTH = 5

/** What the host product says about an image. */
export interface ImageLabels {
  alt: string | null
  /** The host product's own id. */
  reference: string | null
  attributes: Record<string, unknown>
}

export interface LabelInput {
  alt?: string | null | undefined
  reference?: string | null | undefined
  attributes?: Record<string, unknown> | null | undefined
}

/** Labels of a new image. Rejects with `invalid_request` and the field in `reason`. */
export const checkLabels = (input: LabelInput): ImageLabels => ({
  alt: checkText('alt', input.alt ?? null, MAX_ALT_LENGTH),
  reference: checkText('reference', input.reference ?? null, MAX_REFERENCE_LENGTH),
  attributes: checkAttributes(input.attributes ?? {}),
})

/** Those that are named, null clearing them: nothing for those that are not. */
export function checkLabelChange(input: LabelInput): Partial<ImageLabels> {
  const { alt, reference, attributes } = checkLabels(input)
  return {
    ...(input.alt === undefined ? {} : { alt }),
    ...(input.reference === undefined ? {} : { reference }),
    ...(input.attributes === undefined ? {} : { attributes }),
  }
}

/** A database stores neither U+0000 nor halves of surrogate pairs; to change them unseen would be worse than to refuse. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')

function checkText(field: 'alt' | 'reference', text: string | null, limit: number): string | null {
  if (text === null) return null
  if (!isStorable(text)) throw invalidLabel(field, 'holds a character that cannot be stored')
  const length = [...text].length
  if (length > limit) throw invalidLabel(field, `has ${length} characters; at most ${limit} are accepted`, limit)
  return text
}

function checkAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  // Depth first and by levels: what is deeper than the stack cannot be serialised.
  let level: object[] = [attributes]
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_ATTRIBUTES_DEPTH)
      throw invalidLabel('attributes', `is deeper than ${MAX_ATTRIBUTES_DEPTH} levels`, MAX_ATTRIBUTES_DEPTH)
    level = level.flatMap(containersIn)
  }
  const bytes = Buffer.byteLength(JSON.stringify(attributes))
  if (bytes <= MAX_ATTRIBUTES_BYTES) return attributes
  const reason = `has ${bytes} bytes; at most ${MAX_ATTRIBUTES_BYTES} are accepted`
  throw invalidLabel('attributes', reason, MAX_ATTRIBUTES_BYTES)
}

/** The objects and lists in one, after a look at everything else in it. */
function containersIn(container: object): object[] {
  return Object.entries(container).flatMap(([key, value]: [string, unknown]) => {
    if (!isStorable(key) || (typeof value === 'string' && !isStorable(value)))
      throw invalidLabel('attributes', 'holds a character that cannot be stored')
    if (typeof value === 'number' && !Number.isFinite(value))
      throw invalidLabel('attributes', 'holds a number that is too large')
    return typeof value === 'object' && value !== null ? [value] : []
  })
}
