import { expect, it } from 'vitest'
import { metadataOf, parseMetadata } from './tus.ts'

it('reads metadata as it writes it, in any language', () => {
  const metadata = { filename: 'Dächer – 屋根.jpg', filetype: 'image/jpeg', alt: '' }
  expect(parseMetadata(metadataOf({ ...metadata, sha256: null }))).toEqual(metadata)
  expect(parseMetadata('is_confidential, filename cm9vZi5qcGc=')).toEqual({ is_confidential: '', filename: 'roof.jpg' })
  expect(parseMetadata(undefined)).toEqual({})
})

it.each(['a YQ==,a YQ==', 'a Y_', 'a YQ== YQ==', 'ä YQ==', 'a  YQ=='])('refuses the malformed metadata %s', header => {
  expect(() => parseMetadata(header)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
})
