import { join } from 'node:path'
import { DomainError } from '@calotype/core'

const MAX_KEY_BYTES = 512
const MAX_SEGMENT_BYTES = 255
/** ASCII only, so that characters are bytes and no file system folds or normalises one key into another. */
const SEGMENT = /^[A-Za-z0-9._-]+$/

/** Whether a name can be part of a key; files that somebody else put here have no key. */
export const isSegment = (segment: string): boolean =>
  SEGMENT.test(segment) && segment.length <= MAX_SEGMENT_BYTES && segment !== '.' && segment !== '..'

const invalidKey = (): DomainError => new DomainError('invalid', 'invalid_request', 'This is not the key of an object.')

/** The file of a key. Rejects every key that is not a plain relative path, so that none leaves the root. */
export function objectPath(root: string, key: string): string {
  if (key.length > MAX_KEY_BYTES || !key.split('/').every(isSegment)) throw invalidKey()
  return join(root, key)
}

/** A key prefix as the directory to start in and the beginning of the names that count there. */
export function splitPrefix(prefix: string): { directory: string; namePrefix: string } {
  const slash = prefix.lastIndexOf('/')
  const [directory, namePrefix] = [prefix.slice(0, slash + 1), prefix.slice(slash + 1)]
  const segments = directory === '' ? [] : directory.slice(0, -1).split('/')
  const isValidName = namePrefix === '' || SEGMENT.test(namePrefix)
  if (prefix.length > MAX_KEY_BYTES || !segments.every(isSegment) || !isValidName) throw invalidKey()
  return { directory, namePrefix }
}
