import { DomainError } from '@calotype/core'

const MAX_KEY_BYTES = 512
/** Plain ASCII segments, as on every other store: none is empty, `.` or `..`. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,255}$/
const PREFIX = /^[A-Za-z0-9._/-]*$/

/** Whether a name in the bucket can be one of ours; what somebody else put there is left alone. */
export const isObjectKey = (key: string): boolean =>
  key.length <= MAX_KEY_BYTES && key.split('/').every(segment => SEGMENT.test(segment))

const invalidKey = (): DomainError => new DomainError('invalid', 'invalid_request', 'This is not the key of an object.')

/** Throws `invalid_request` for what no store of ours would take. */
export function checkKey(key: string): string {
  if (!isObjectKey(key)) throw invalidKey()
  return key
}

export function checkPrefix(prefix: string): string {
  const folders = prefix.split('/').slice(0, -1)
  const valid = PREFIX.test(prefix) && prefix.length <= MAX_KEY_BYTES && folders.every(name => SEGMENT.test(name))
  if (!valid) throw invalidKey()
  return prefix
}
