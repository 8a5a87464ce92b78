import { sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectPath, splitPrefix } from './object-path.ts'

const hostile = fc.stringMatching(/^[./\\a%\0 ~-]{1,20}$/)

describe('objectPath', () => {
  it('lets no key leave the root', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), hostile), key => {
        let path: string
        try {
          path = objectPath('/data/objects', key)
        } catch (error) {
          expect(error).toMatchObject({ kind: 'invalid' })
          return
        }
        expect(path).toBe(`/data/objects${sep}${key.replaceAll('/', sep)}`)
        expect(key).toMatch(/^[A-Za-z0-9._/-]+$/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives each key a file of its own', () => {
    const key = fc.stringMatching(/^[ab./-]{1,6}$/)
    const pathOrNull = (text: string) => {
      try {
        return objectPath('/o', text)
      } catch {
        return null
      }
    }
    fc.assert(
      fc.property(key, key, (one, other) => {
        const path = pathOrNull(one)
        if (one !== other && path !== null) expect(pathOrNull(other)).not.toBe(path)
      }),
    )
  })

  it('bounds keys to 512 bytes and names to what a file system takes', () => {
    expect(() => objectPath('/o', `${'a/'.repeat(255)}bc`)).not.toThrow()
    expect(() => objectPath('/o', `${'a/'.repeat(256)}b`)).toThrow()
    expect(() => objectPath('/o', 'a'.repeat(255))).not.toThrow()
    expect(() => objectPath('/o', 'a'.repeat(256))).toThrow()
  })
})

describe('splitPrefix', () => {
  it('separates the directory from the beginning of a name', () => {
    expect(splitPrefix('')).toEqual({ directory: '', namePrefix: '' })
    expect(splitPrefix('up')).toEqual({ directory: '', namePrefix: 'up' })
    expect(splitPrefix('uploads/')).toEqual({ directory: 'uploads/', namePrefix: '' })
    expect(splitPrefix('private/p/01')).toEqual({ directory: 'private/p/', namePrefix: '01' })
  })

  it.each(['../', '/', 'a//b', 'a/../b', './', 'a\0/'])('refuses %j', prefix => {
    expect(() => splitPrefix(prefix)).toThrow()
  })
})
