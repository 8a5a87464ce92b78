import { describe, expect, it } from 'vitest'
import { call, getImage, problemOf, sendForm } from '../client.ts'
import { eventually } from '../disk.ts'
import { draw, freshJpeg, freshSeed } from '../drawing/photo.ts'
import { isOpen, type Target } from '../target.ts'

/** A text that a browser would run, called a photo; different each time. */
const fakeJpeg = (): Buffer => Buffer.from(`<!doctype html><script>alert(${freshSeed()})</script>${' '.repeat(600)}`)

export function refusalCases(target: Target): void {
  describe('refusals of multipart uploads', () => {
    it('answers 422 with the code and the image for a file that is no image', async () => {
      const answer = await sendForm(target, { bytes: fakeJpeg() }, { query: '?wait=ready' })
      expect(answer.status).toBe(422)
      const problem = await problemOf(answer)
      expect(problem.code).toBe('content_type_mismatch')
      const image = await getImage(target, problem.image_id ?? '')
      expect(image).toMatchObject({ status: 'failed', failure: { code: problem.code }, variants: [] })
    })

    it('says so when the content is another type than declared', async () => {
      const png = await draw({ seed: freshSeed() }).png().toBuffer()
      const answer = await sendForm(target, { bytes: png, type: 'image/jpeg' }, { query: '?wait=ready' })
      expect(answer.status).toBe(422)
      expect(await problemOf(answer)).toMatchObject({ code: 'content_type_mismatch' })
    })

    it('finds a file that was cut off', async () => {
      const whole = await freshJpeg({ width: 400, height: 300 })
      const answer = await sendForm(target, { bytes: whole.subarray(0, whole.length / 2) }, { query: '?wait=ready' })
      expect(answer.status).toBe(422)
      expect(await problemOf(answer)).toMatchObject({ code: 'corrupt_image' })
    })

    it.runIf(isOpen)('keeps no byte of what was refused for its content', async () => {
      const answer = await sendForm(target, { bytes: fakeJpeg() }, { query: '?wait=ready' })
      const { image_id = '?' } = await problemOf(answer)
      await eventually(
        () => target.objects(),
        files => !files.some(file => file.includes(image_id)),
      )
    })

    it.each(['text/html', 'image/svg+xml', 'application/pdf', 'image/tiff'])('does not take %s', async type => {
      const answer = await sendForm(target, { bytes: await freshJpeg(), type })
      expect(answer.status).toBe(415)
      expect(await problemOf(answer)).toMatchObject({ code: 'unsupported_media_type' })
    })

    it.each([
      ['empty', 'file_too_small', 422, Buffer.alloc(0)],
      ['too large', 'file_too_large', 413, Buffer.alloc(52_428_801, 7)],
    ])('does not take a file that is %s', async (_what, code, status, bytes) => {
      const answer = await sendForm(target, { bytes })
      expect(answer.status).toBe(status)
      const problem = await problemOf(answer)
      expect(problem.code).toBe(code)
      expect(problem.details).toHaveProperty('limit')
    })

    it.each([
      ['too long', `${'a'.repeat(256)}.jpg`],
      ['with a control character', 'a\u0007b.jpg'],
    ])('does not take a name that is %s', async (_what, name) => {
      const answer = await sendForm(target, { bytes: await freshJpeg(), name })
      expect(answer.status).toBe(400)
      expect(await problemOf(answer)).toMatchObject({ code: 'invalid_file_name' })
    })

    it('does not take bytes that are not what their SHA-256 says', async () => {
      const fields = { sha256: '0'.repeat(64) }
      const answer = await sendForm(target, { bytes: await freshJpeg() }, { fields })
      expect(answer.status).toBe(422)
      expect(await problemOf(answer)).toMatchObject({ code: 'checksum_mismatch' })
    })

    it.each([
      ['sha256', 'xyz'],
      ['project_id', 'nope'],
      ['priority', 'urgent'],
      ['detection_types', 'DROP TABLE'],
    ])('does not take the field %s with nonsense in it', async (name, value) => {
      const answer = await sendForm(target, { bytes: await freshJpeg() }, { fields: { [name]: value } })
      expect(answer.status).toBe(400)
      expect(await problemOf(answer)).toMatchObject({ code: 'invalid_request' })
    })

    it('does not know a project that is not the caller’s', async () => {
      const fields = { project_id: '01K00000000000000000000000' }
      const answer = await sendForm(target, { bytes: await freshJpeg() }, { fields })
      expect(answer.status).toBe(404)
      expect(await problemOf(answer)).toMatchObject({ code: 'not_found' })
    })

    it.each([
      ['a form without a file', 'multipart/form-data; boundary=x', '--x--\r\n'],
      ['a form that breaks off', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="f'],
      ['no form', 'application/json', '{}'],
    ])('does not take %s', async (_what, type, body) => {
      const answer = await call(target, '/images/upload', { headers: { 'content-type': type }, body })
      expect(answer.status).toBe(400)
      expect(await problemOf(answer)).toMatchObject({ code: 'invalid_request' })
    })

    it.runIf(isOpen)('leaves nothing in storage', async () => {
      const before = new Set(await target.objects())
      await sendForm(target, { bytes: await freshJpeg(), type: 'text/html' })
      await sendForm(target, { bytes: Buffer.alloc(0) })
      await sendForm(target, { bytes: await freshJpeg() }, { fields: { sha256: '0'.repeat(64) } })
      await sendForm(target, { bytes: await freshJpeg() }, { fields: { priority: 'urgent' } })
      await sendForm(target, { bytes: await freshJpeg(), name: 'a\u0007b.jpg' })
      // Images of earlier tests may still be worked on.
      const isOfNobody = (file: string) => !before.has(file) && !file.includes('private/')
      await eventually(
        () => target.objects(),
        files => !files.some(isOfNobody),
      )
    })
  })
}
