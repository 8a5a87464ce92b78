import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Image } from '@calotype/contract'
import { createFakeProcessor, type FakeProcessor } from '@calotype/core/testing'
import type { FastifyBaseLogger, InjectOptions } from 'fastify'
import pino from 'pino'
import { inject } from 'vitest'
import { readConfig } from '../config.ts'
import { compose } from '../wiring/compose.ts'
import type {} from './cluster-setup.ts'

export const PUBLIC_URL = 'http://127.0.0.1:3999'
const BOUNDARY = 'xXcalotypeTestXx'

export interface FormPart {
  name: string
  value: string | Buffer
  fileName?: string
  type?: string
}

/** A multipart body with the headers that go with it. */
export function formOf(parts: readonly FormPart[]): { headers: { 'content-type': string }; payload: Buffer } {
  const chunks: Buffer[] = []
  for (const { name, value, fileName, type } of parts) {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`
    const kind = type === undefined ? '' : `content-type: ${type}\r\n`
    chunks.push(Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n${kind}\r\n`))
    chunks.push(Buffer.from(value), Buffer.from('\r\n'))
  }
  chunks.push(Buffer.from(`--${BOUNDARY}--\r\n`))
  return { headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, payload: Buffer.concat(chunks) }
}

export const photoPart = (bytes: Buffer, more: Partial<FormPart> = {}): FormPart => ({
  ...{ name: 'file', value: bytes, fileName: 'roof.jpg', type: 'image/jpeg' },
  ...more,
})

/** The whole program on a data directory of its own, its engine a fake, with every log line kept. */
export async function startTestServer(
  options: {
    env?: Record<string, string>
    processor?: FakeProcessor
    readJwks?: () => Promise<unknown>
    log?: FastifyBaseLogger
  } = {},
) {
  const directory = await mkdtemp(path.join(tmpdir(), 'calotype-server-'))
  await cp(inject('cluster'), path.join(directory, 'postgres'), { recursive: true })
  const engine = options.processor ?? createFakeProcessor()
  const logs: string[] = []
  // Nothing is cut out of the lines: what must not be in the logs is not logged in the first place.
  const log = options.log ?? pino({ level: 'debug' }, { write: line => void logs.push(line) })
  const config = readConfig({ DATA_DIR: directory, ENGINE_PROCESSES: '2', ...options.env })
  const composition = await compose(config, PUBLIC_URL, log, {
    processor: engine,
    ...(options.readJwks ? { readJwks: options.readJwks } : {}),
  })
  const { app, deps } = composition
  const ownerKey = (await readFile(path.join(directory, 'owner.key'), 'utf8')).trim()
  const authorization = `Bearer ${ownerKey}`
  const call = (request: InjectOptions) =>
    app.inject({ ...request, headers: { authorization, ...request.headers }, remoteAddress: '127.0.0.1' })
  const upload = (
    bytes: Buffer,
    { query = '', parts = [] as FormPart[], file = {} as Partial<FormPart>, headers: more = {} } = {},
  ) => {
    const { headers, payload } = formOf([...parts, photoPart(bytes, file)])
    return call({ method: 'POST', url: `/api/v1/images/upload${query}`, payload, headers: { ...headers, ...more } })
  }
  return {
    ...{ app, deps, engine, logs, ownerKey, directory, config, call, upload },
    issueConsoleLink: composition.issueConsoleLink,
    /** An uploaded image that is ready. */
    ready: async (bytes: Buffer, fields: Record<string, string> = {}) => {
      const parts = Object.entries(fields).map(([name, value]) => ({ name, value }))
      const answer = await upload(bytes, { query: '?wait=ready', parts })
      if (answer.statusCode !== 201) throw new Error(answer.body)
      return Image.parse(answer.json())
    },
    stop: composition.close,
    close: async () => {
      await composition.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>
