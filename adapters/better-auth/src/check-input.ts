import { DomainError } from '@calotype/core'
import { MAX_EMAIL_LENGTH, MAX_IMAGE_URL_LENGTH, MAX_NAME_LENGTH } from './limits.ts'

const invalid = (reason: string): DomainError => new DomainError('invalid', 'invalid_request', reason, { reason })

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/

const LIMITS: ReadonlyArray<readonly [field: string, limit: number]> = [
  ['name', MAX_NAME_LENGTH],
  ['email', MAX_EMAIL_LENGTH],
  ['image', MAX_IMAGE_URL_LENGTH],
]

/** Bounds what people say about themselves: the library takes text of any length. Throws `invalid_request`. */
export function checkInput(path: string, body: unknown): void {
  const fields = new Map<string, unknown>(Object.entries(body !== null && typeof body === 'object' ? body : {}))
  for (const [field, limit] of LIMITS) {
    const text = fields.get(field)
    if (typeof text !== 'string') continue
    if (text.length > limit) throw invalid(`${field} may have up to ${limit} characters.`)
    if (CONTROL_CHARACTERS.test(text)) throw invalid(`${field} may have no control characters.`)
  }
  const name = fields.get('name')
  if (typeof name === 'string' && name.trim() === '') throw invalid('name must not be empty.')
  // A signed-in browser alone is not enough to end an account.
  if (path === '/delete-user' && typeof fields.get('password') !== 'string') throw invalid('password is needed.')
}
