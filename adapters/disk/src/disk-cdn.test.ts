import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyChange, changedTexts } from './changed-texts.ts'
import { createDiskCdn } from './disk-cdn.ts'

const BASE = 'http://127.0.0.1:3000/cdn/'
const KEY = 'private/01HZX0000000000000000000AA/01HZX0000000000000000000BB/r1/full.avif'
const EXPIRES = 2_000_000_000
const cdn = createDiskCdn({ publicUrl: 'http://127.0.0.1:3000/', secret: 'a secret' })

/** Judges a URL as the server does: by what stands before and after the first question mark. */
const judge = (url: string, now = 0) => {
  const mark = url.indexOf('?')
  return mark === -1 ? 'invalid' : cdn.verify(url.slice(BASE.length, mark), url.slice(mark + 1), now)
}

describe('disk CDN', () => {
  it('signs the same URL for everybody and knows it again', () => {
    const url = cdn.sign(KEY, EXPIRES)
    expect(url).toMatch(
      /^http:\/\/127\.0\.0\.1:3000\/cdn\/private\/.*full\.avif\?expires=2000000000&signature=[0-9a-f]{64}$/,
    )
    expect(cdn.sign(KEY, EXPIRES)).toBe(url)
    expect(judge(url)).toBe('ok')
  })

  it('ends a URL at its second', () => {
    const url = cdn.sign(KEY, EXPIRES)
    expect(judge(url, EXPIRES - 1)).toBe('ok')
    expect(judge(url, EXPIRES)).toBe('expired')
    expect(judge(url.replace('expires=2', 'expires=3'), EXPIRES)).toBe('invalid')
  })

  it('refuses every single-character change', () => {
    const url = cdn.sign(KEY, EXPIRES)
    for (const changed of changedTexts(url.slice(BASE.length))) expect(judge(BASE + changed)).toBe('invalid')
    fc.assert(fc.property(anyChange(url.slice(BASE.length)), changed => judge(BASE + changed) === 'invalid'))
  })

  it('refuses parameters in another order, twice, more or fewer', () => {
    const [path = '', query = ''] = cdn.sign(KEY, EXPIRES).split('?')
    const [expires = '', signature = ''] = query.split('&')
    const others = [`${signature}&${expires}`, `${query}&${expires}`, `${query}&x=1`, expires, signature, '']
    for (const other of others) expect(judge(`${path}?${other}`)).toBe('invalid')
    expect(judge(`${path}?${query.toUpperCase()}`)).toBe('invalid')
  })

  it('refuses what another secret signed', () => {
    const other = createDiskCdn({ publicUrl: 'http://127.0.0.1:3000', secret: 'another secret' })
    expect(judge(other.sign(KEY, EXPIRES))).toBe('invalid')
  })
})
