import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalMediaType, declaredMediaType, sniffMediaType } from './media-type.ts'

const ftyp = (major: string, ...compatible: string[]): Buffer =>
  Buffer.from(
    `\0\0\0${String.fromCharCode(16 + 4 * compatible.length)}ftyp${major}\0\0\0\0${compatible.join('')}`,
    'latin1',
  )

describe('the type by magic bytes', () => {
  it.each([
    ['image/jpeg', Buffer.from('ffd8ffe0', 'hex')],
    ['image/png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['image/gif', Buffer.from('GIF89a')],
    ['image/webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 <svg')],
    ['application/x-riff', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
    ['image/avif', ftyp('avif', 'mif1')],
    ['image/avif', ftyp('mif1', 'avif')],
    ['image/heic', ftyp('heic', 'mif1')],
    ['image/heic', ftyp('mif1', 'heic')],
    ['video/mp4', ftyp('isom', 'mp42')],
    ['image/svg+xml', Buffer.from('\n<?xml version="1.0"?><svg xmlns=""/>')],
    ['text/html', Buffer.from('<!DOCTYPE html>')],
    ['image/tiff', Buffer.from('II*\0')],
    ['application/pdf', Buffer.from('%PDF-1.7')],
    ['application/octet-stream', Buffer.from('push graphic-context')],
    ['application/octet-stream', Buffer.alloc(0)],
  ])('is %s', (type, bytes) => {
    expect(sniffMediaType(bytes)).toBe(type)
  })

  it('says something about any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), bytes => /\//.test(sniffMediaType(Buffer.from(bytes)))))
  })
})

it('takes declared types as people send them', () => {
  expect(declaredMediaType(null)).toBeNull()
  expect(declaredMediaType('')).toBeNull()
  expect(declaredMediaType('application/octet-stream')).toBeNull()
  expect(declaredMediaType('IMAGE/JPEG; charset=binary')).toBe('image/jpeg')
  expect(canonicalMediaType('image/heif')).toBe('image/heic')
  expect(canonicalMediaType('image/apng')).toBe('image/png')
})
