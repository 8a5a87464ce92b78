import { uploadExpired } from '@calotype/core'
import { expect, it } from 'vitest'
import { translate } from './failures.ts'

const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: 'write', errno: -1 })

it.each(['ENOSPC', 'EIO', 'EMFILE', 'ENFILE', 'EROFS', 'EDQUOT', 'EACCES'])(
  'calls %s an unavailable storage and keeps the cause',
  code => {
    const cause = systemError(code)
    expect(translate(cause)).toMatchObject({ kind: 'storage', code: 'storage_unavailable', cause })
  },
)

it.each([systemError('EEXIST'), new TypeError('a defect'), uploadExpired()])('passes on %s', error => {
  expect(translate(error)).toBe(error)
})
