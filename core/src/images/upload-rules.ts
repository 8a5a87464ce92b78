import type { Project } from '../access/index.ts'
import { fileTooLarge, fileTooSmall, invalidFileName, unsupportedMediaType } from './errors.ts'

export const MAX_FILE_NAME_LENGTH = 255
/** Nothing declared: the content alone decides. */
const UNDECLARED: readonly string[] = ['', 'application/octet-stream']

/** Refuses names of no or over 255 characters, with control characters, or that UTF-8 cannot carry. Counts code points. */
export function checkFileName(name: string): string {
  const length = [...name].length
  if (length === 0) throw invalidFileName('is empty')
  if (length > MAX_FILE_NAME_LENGTH)
    throw invalidFileName(`has ${length} characters; at most ${MAX_FILE_NAME_LENGTH} are accepted`)
  if (/\p{Cc}/u.test(name)) throw invalidFileName('contains a control character')
  if (!name.isWellFormed()) throw invalidFileName('is not well-formed Unicode')
  return name
}

/** The declared type if it is an exact member of the list; null where a part declares nothing. */
export function checkDeclaredType(
  declared: string | null,
  allowed: readonly string[],
  from: 'part' | 'json',
): string | null {
  if (declared === null || UNDECLARED.includes(declared)) {
    if (from === 'part') return null
    throw unsupportedMediaType('invalid', declared ?? '', allowed)
  }
  if (!allowed.includes(declared)) {
    throw unsupportedMediaType(from === 'part' ? 'unsupported' : 'invalid', declared, allowed)
  }
  return declared
}

export function checkSize(sizeBytes: number, project: Project): void {
  const { minBytes, maxBytes } = project.settings
  if (sizeBytes < minBytes) throw fileTooSmall(minBytes, sizeBytes)
  if (sizeBytes > maxBytes) throw fileTooLarge(maxBytes, sizeBytes)
}
