import type { Readable } from 'node:stream'
import { DomainError, uploadInterrupted } from '@calotype/core'
import multipart from '@fastify/multipart'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FORM_LIMITS, readUploadForm } from './multipart-form.ts'
import { answerProblem } from './problem.ts'

const BOUNDARY = 'xXboundaryXx'
const part = (headers: string, body: string) => `--${BOUNDARY}\r\n${headers}\r\n\r\n${body}\r\n`
const field = (name: string, value: string) => part(`content-disposition: form-data; name="${name}"`, value)
const file = (body = 'bytes', name = 'file', type = 'content-type: image/jpeg\r\n') =>
  part(`${type}content-disposition: form-data; name="${name}"; filename="a.jpg"`.trim(), body)
const form = (...parts: string[]) => `${parts.join('')}--${BOUNDARY}--\r\n`

/** Reads a body as a blob store does. */
async function sizeOf(body: Readable): Promise<number> {
  try {
    let size = 0
    for await (const chunk of body) size += chunk.length
    return size
  } catch {
    throw uploadInterrupted()
  }
}

/** A server that answers what it read of a form. */
const app = Fastify()
beforeAll(async () => {
  await app.register(multipart)
  app.setErrorHandler(answerProblem(() => 'http://test'))
  app.post('/', async request => {
    const files: unknown[] = []
    const fields = await readUploadForm(request, async ({ body, fileName, declaredType, fieldsSoFar }) => {
      const before = { ...fieldsSoFar }
      const size = await sizeOf(body)
      files.push({ fileName, declaredType, size, before })
      if (size === 13) throw new DomainError('content', 'file_too_small', 'Unlucky.')
    })
    return { files, fields }
  })
  await app.ready()
})
afterAll(() => app.close())

const send = async (payload: string | Buffer, contentType = `multipart/form-data; boundary=${BOUNDARY}`) =>
  (await app.inject({ method: 'POST', url: '/', headers: { 'content-type': contentType }, payload })).json()

const refused = { code: 'invalid_request', status: 400 }

describe('a form', () => {
  it('gives its file the moment it comes, with the fields in any order', async () => {
    const answer = await send(
      form(field('priority', 'high'), file('12345'), field('sha256', 'x'), field('sha256', 'y')),
    )
    expect(answer).toEqual({
      files: [{ fileName: 'a.jpg', declaredType: 'image/jpeg', size: 5, before: { priority: ['high'] } }],
      fields: { priority: ['high'], sha256: ['x', 'y'] },
    })
  })

  it('may lack a file, or have files under other names', async () => {
    expect(await send(form(field('a', 'b')))).toEqual({ files: [], fields: { a: ['b'] } })
    expect(await send(form(file('x'.repeat(100_000), 'other')))).toEqual({ files: [], fields: {} })
  })

  it('is refused when it is none', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect(await send('{}', type)).toMatchObject(refused)
  })

  it('takes no field whose name every object has', async () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(await send(form(field(name, 'x'), file()))).toMatchObject(refused)
  })

  it('is refused past its limits', async () => {
    const tooMany = Array.from({ length: FORM_LIMITS.fields + 1 }, (_, index) => field(`f${index}`, 'x'))
    const cases = [
      form(file(), file()),
      form(...tooMany, file()),
      form(field('a', 'x'.repeat(FORM_LIMITS.fieldSize + 1)), file()),
    ]
    for (const payload of cases) expect(await send(payload)).toMatchObject({ ...refused, details: { reason: 'form' } })
    expect((await send(form(...tooMany.slice(1), file()))).files).toHaveLength(1)
    expect((await send(form(field('a', 'x'.repeat(FORM_LIMITS.fieldSize)), file()))).files).toHaveLength(1)
  })

  it('is refused, wherever it is cut off', async () => {
    const whole = form(field('a', 'b'), file('1234567890'), field('c', 'd'))
    const end = whole.length - `--\r\n`.length
    for (let length = 1; length < end; length += 3) {
      const { status, code } = await send(whole.slice(0, length))
      expect([status, code]).toEqual([400, expect.stringMatching(/^(invalid_request|upload_interrupted)$/)])
    }
  })

  it('is refused when it is nonsense', async () => {
    const nonsense = [
      'x',
      '--',
      `--${BOUNDARY}`,
      `--${BOUNDARY}--`,
      `--${BOUNDARY}\r\n\r\n\r\n`,
      '\r\n'.repeat(50),
      '\u0000'.repeat(99),
    ]
    for (const payload of nonsense) expect((await send(payload)).status ?? 200).toBeLessThan(500)
  })

  it('passes on what its file was refused for, though more of it comes', async () => {
    const answer = await send(form(file('1234567890123'), field('a', 'x'.repeat(4_000))))
    expect(answer).toMatchObject({ code: 'file_too_small', status: 422 })
  })
})
