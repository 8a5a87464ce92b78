import type { UploadTerms } from '@calotype/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyChange, changedTexts } from './changed-texts.ts'
import { createDiskUploadSigner } from './disk-upload-signer.ts'

const BASE = 'https://images.example/api/v1/uploads/direct/'
const config = { publicUrl: 'https://images.example', secret: 'a secret' }
const signer = createDiskUploadSigner(config)
const NOW = new Date('2026-03-01T12:00:00.000Z')
const TERMS: UploadTerms = {
  projectId: '01HZX0000000000000000000AA',
  imageId: '01HZX0000000000000000000BB',
  objectKey: 'uploads/01HZX0000000000000000000BB',
  contentType: 'image/jpeg',
  sizeBytes: 4_167_727,
  maxBytes: 4_167_727,
  sha256: 'ab'.repeat(32),
  expiresAt: new Date('2026-03-01T12:15:00.000Z'),
}
const FORM: UploadTerms = { ...TERMS, sizeBytes: null, maxBytes: 52_428_800 }

/** What verifying comes to, in one word. */
function outcome(verify: () => UploadTerms): string {
  try {
    verify()
    return 'ok'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

/** Judges a URL as the server does: the last part of its path and what stands after the question mark. */
const judge = (url: string, now = NOW) => {
  const mark = url.indexOf('?')
  return outcome(() => signer.verify(url.slice(BASE.length, mark), url.slice(mark + 1), now))
}

describe('signed upload URL', () => {
  it('gives back the terms that it was signed with', async () => {
    for (const terms of [TERMS, { ...TERMS, sha256: null }]) {
      const { url, method, headers, fields } = await signer.sign(terms)
      expect({ method, headers, fields }).toEqual({
        method: 'PUT',
        headers: { 'content-type': 'image/jpeg' },
        fields: null,
      })
      const parsed = new URL(url)
      expect(`${parsed.origin}${parsed.pathname}`).toBe(BASE + TERMS.imageId)
      expect(parsed.href).toBe(url)
      expect(signer.verify(TERMS.imageId, parsed.search.slice(1), NOW)).toEqual(terms)
    }
  })

  it('gives back any terms', async () => {
    const text = fc.string({ minLength: 1 }).filter(each => each.isWellFormed())
    const terms = fc.record({
      projectId: text,
      imageId: text,
      objectKey: text,
      contentType: text,
      sizeBytes: fc.nat(),
      expiresAt: fc.integer({ min: 1, max: 9e9 }).map(seconds => new Date(NOW.getTime() + seconds * 1000)),
    })
    const whole = terms.map(each => ({ ...each, maxBytes: each.sizeBytes, sha256: null }))
    await fc.assert(
      fc.asyncProperty(whole, async each => {
        const { url } = await signer.sign(each)
        expect(signer.verify(each.imageId, url.slice(url.indexOf('?') + 1), NOW)).toEqual(each)
      }),
    )
  })

  it('refuses every single-character change', async () => {
    const { url } = await signer.sign(TERMS)
    const signed = url.slice(BASE.length)
    const letThrough = [...changedTexts(signed)].filter(changed => judge(BASE + changed) !== 'invalid_signature')
    expect(letThrough).toEqual([])
    fc.assert(fc.property(anyChange(signed), changed => judge(BASE + changed) === 'invalid_signature'))
  })

  it('refuses parameters left out, twice, added or in another order', async () => {
    const { url } = await signer.sign(TERMS)
    const [path = '', query = ''] = url.split('?')
    const parameters = query.split('&')
    for (const [index, parameter] of parameters.entries()) {
      const others = parameters.toSpliced(index, 1)
      expect(judge(`${path}?${others.join('&')}`)).toBe('invalid_signature')
      expect(judge(`${path}?${[...parameters, parameter].join('&')}`)).toBe('invalid_signature')
      if (index > 0) expect(judge(`${path}?${[parameter, ...others].join('&')}`)).toBe('invalid_signature')
    }
    expect(judge(`${url}&x=1`)).toBe('invalid_signature')
    expect(judge(`${url}&max-bytes=1`)).toBe('invalid_signature')
    expect(judge(`${url}${'&a=1'.repeat(10_000)}`)).toBe('invalid_signature')
    expect(judge(url.replace('image/jpeg', 'image%2Fjpeg'))).toBe('invalid_signature')
  })

  it('judges the signature before the time', async () => {
    const { url } = await signer.sign(TERMS)
    const lastMoment = new Date(TERMS.expiresAt.getTime() - 1)
    expect(judge(url, lastMoment)).toBe('ok')
    expect(judge(url, TERMS.expiresAt)).toBe('upload_expired')
    expect(judge(url.replace('size=4', 'size=5'), TERMS.expiresAt)).toBe('invalid_signature')
  })

  it('refuses what another secret signed', async () => {
    const { url } = await createDiskUploadSigner({ ...config, secret: 'another secret' }).sign(TERMS)
    expect(judge(url)).toBe('invalid_signature')
  })
})

describe('signed upload form', () => {
  const signForm = async () => Object.entries((await signer.sign(FORM)).fields ?? {})
  const judgeForm = (fields: [string, string][], now = NOW) =>
    outcome(() => signer.verifyForm(FORM.imageId, fields, now))

  it('gives back the terms that it was signed with, whatever the order of its fields', async () => {
    const { url, method, headers, fields } = await signer.sign(FORM)
    expect({ url, method, headers }).toEqual({ url: BASE + FORM.imageId, method: 'POST', headers: {} })
    expect(fields).toMatchObject({ 'content-type': 'image/jpeg', key: FORM.objectKey, 'max-bytes': '52428800' })
    const entries = Object.entries(fields ?? {})
    expect(signer.verifyForm(FORM.imageId, entries, NOW)).toEqual(FORM)
    expect(signer.verifyForm(FORM.imageId, entries.reverse(), NOW)).toEqual(FORM)
    expect(judgeForm(entries, FORM.expiresAt)).toBe('upload_expired')
  })

  it('refuses fields that are changed, left out, twice or added', async () => {
    const fields = await signForm()
    for (const [index, field] of fields.entries()) {
      const [name, text] = field
      for (const changed of changedTexts(text))
        expect(judgeForm(fields.with(index, [name, changed]))).toBe('invalid_signature')
      expect(judgeForm(fields.toSpliced(index, 1))).toBe('invalid_signature')
      expect(judgeForm([...fields, field])).toBe('invalid_signature')
    }
    expect(judgeForm([...fields, ['x', '1']])).toBe('invalid_signature')
  })

  it('is no URL, and a URL is no form', async () => {
    const query = new URLSearchParams(await signForm()).toString().replaceAll('%2F', '/')
    expect(judge(`${BASE}${FORM.imageId}?${query}`)).toBe('invalid_signature')
    const { url } = await signer.sign(TERMS)
    expect(judgeForm([...new URL(url).searchParams])).toBe('invalid_signature')
  })
})
