import { PassThrough, Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { readAll } from '../../testing/index.ts'
import { createPieceReader } from './piece-reader.ts'

const texts = async (body: Readable, limit: number) => {
  const reader = createPieceReader(body)
  const pieces: string[] = []
  while (await reader.hasMore()) pieces.push(String(await readAll(reader.read(limit))))
  return { pieces, broken: reader.isBroken() }
}

it('cuts a body into pieces of one length, whatever its chunks are', async () => {
  const body = () => Readable.from(['ab', '', 'cdefg', 'h'].map(text => Buffer.from(text)))
  expect(await texts(body(), 3)).toEqual({ pieces: ['abc', 'def', 'gh'], broken: false })
  expect(await texts(body(), 8)).toEqual({ pieces: ['abcdefgh'], broken: false })
  expect(await texts(Readable.from([]), 3)).toEqual({ pieces: [], broken: false })
})

it('keeps what came before a body broke off', async () => {
  const body = Readable.from(
    (async function* () {
      yield Buffer.from('abcd')
      throw new Error('ECONNRESET')
    })(),
  )
  expect(await texts(body, 3)).toEqual({ pieces: ['abc', 'd'], broken: true })
})

it('ends with what has come when it is to leave, and leaves the body alone', async () => {
  const [body, leave] = [new PassThrough(), new AbortController()]
  body.write('abc')
  const reader = createPieceReader(body, leave.signal)
  expect(await reader.hasMore()).toBe(true)
  leave.abort()
  expect(String(await readAll(reader.read(9)))).toBe('abc')
  expect([await reader.hasMore(), reader.isBroken(), body.destroyed]).toEqual([false, false, false])
})
