import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { FORMAT_EXTENSIONS, isAnimatedKey, negotiateFormats, newId, VARIANT_FORMATS } from '@calotype/core'
import { NEGOTIATION_CASES } from '@calotype/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createCloudFrontCdn } from '../../../../adapters/aws/src/cloudfront/cloudfront-cdn.ts'
import { edgeFile } from '../edge-file.ts'

/** What CloudFront Functions takes. */
const MAX_CODE_BYTES = 10_240
const Handler = z.custom<(event: unknown) => unknown>(value => typeof value === 'function')
const Rewritten = z.object({ uri: z.string(), querystring: z.unknown() })

const load = (name: string) => Handler.parse(runInNewContext(`${readFileSync(edgeFile(name), 'utf8')};handler`))
const chooseFormat = load('choose-format')

/** What becomes of a request, as CloudFront gives it to the function. */
function ask(uri: string, accept?: string | readonly string[], querystring: unknown = {}) {
  const values = typeof accept === 'string' ? [accept] : accept
  const header = values && {
    value: values[0],
    ...(values.length > 1 ? { multiValue: values.map(value => ({ value })) } : {}),
  }
  const request = { method: 'GET', uri, querystring, headers: header ? { accept: header } : {}, cookies: {} }
  return Rewritten.parse(chooseFormat({ version: '1.0', context: { eventType: 'viewer-request' }, request }))
}

const FOLDER = `/private/${newId()}/${newId()}/0123456789ab`
const EXTENSIONS = VARIANT_FORMATS.map(format => FORMAT_EXTENSIONS[format])

/** The key that the server delivers for an `Accept`, if every format is there that can be. */
function negotiated(key: string, accept: string | undefined): string {
  const formats = negotiateFormats(accept).filter(format => format !== 'avif' || !isAnimatedKey(key))
  return `${key}.${FORMAT_EXTENSIONS[formats[0] ?? 'jpeg']}`
}

describe('the viewer function for formats', () => {
  it.each(NEGOTIATION_CASES)('chooses for %j as the server does', accept => {
    for (const key of [`${FOLDER}/full`, `${FOLDER}-a/full`, `${FOLDER}-n2/thumb_2`])
      expect(ask(key, accept).uri).toBe(negotiated(key, accept))
  })

  it('agrees with the server on whatever clients send', () => {
    const part = fc.constantFrom('image/avif', 'image/webp', '*/*', ';', 'q=0', 'q=1', 'q=.5', ',', ' ', '=', '\t', 'é')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part).map(parts => parts.join('')),
    )
    fc.assert(
      fc.property(text, accept => {
        expect(ask(`${FOLDER}/full`, accept).uri).toBe(negotiated(`${FOLDER}/full`, accept))
      }),
      { numRuns: 500 },
    )
  })

  it('reads a header that came twice as one list', () => {
    expect(ask(`${FOLDER}/full`, ['text/html', 'image/webp']).uri).toBe(`${FOLDER}/full.webp`)
  })

  it.each([
    ...EXTENSIONS.map(extension => `${FOLDER}/full.${extension}`),
    ...[
      '/',
      '/uploads/x',
      `${FOLDER}/`,
      `${FOLDER}/Full`,
      `${FOLDER}/a/b`,
      `/secret${FOLDER}/full`,
      `${FOLDER}/full%2e`,
    ],
  ])('leaves %s as it is', uri => {
    expect(ask(uri, 'image/avif').uri).toBe(uri)
  })

  it('fits into what CloudFront takes', () => {
    for (const name of ['choose-format', 'refuse'])
      expect(readFileSync(edgeFile(name)).length).toBeLessThan(MAX_CODE_BYTES)
  })
})

describe('a signed URL', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const cdn = createCloudFrontCdn({ domain: 'cdn.example.org', keyPairs: [{ id: 'K1', privateKey: pem }] })
  it('is made of a key without extension only where the function cannot choose what is not there', () => {
    expect(cdn.choosesBlindly).toBe(true)
  })

  const Policy = z.object({ Statement: z.tuple([z.object({ Resource: z.string() })]) })

  it.each(EXTENSIONS)(
    'is good before and after the function chose %s, whenever the signature is checked',
    extension => {
      const url = new URL(cdn.sign(`${FOLDER.slice(1)}/full`, 2_000_000_000))
      const query = Object.fromEntries([...url.searchParams].map(([name, value]) => [name, { value }]))
      const accept = extension === 'jpg' ? '*/*' : `image/${extension}`
      const after = ask(url.pathname, accept, query)
      expect(after).toEqual({ uri: `${FOLDER}/full.${extension}`, querystring: query })
      const policy = Buffer.from(
        (url.searchParams.get('Policy') ?? '').replace(/[-_~]/g, toBase64),
        'base64',
      ).toString()
      const [{ Resource }] = Policy.parse(JSON.parse(policy)).Statement
      expect(Resource.endsWith('*')).toBe(true)
      for (const path of [url.pathname, after.uri])
        expect(`${url.origin}${path}`.startsWith(Resource.slice(0, -1))).toBe(true)
    },
  )
})

const toBase64 = (character: string): string => ({ '-': '+', _: '=', '~': '/' })[character] ?? character

it('what is no variant is refused, and the refusal is not kept', () => {
  expect(load('refuse')({ request: { uri: '/uploads/x' } })).toMatchObject({
    statusCode: 404,
    headers: { 'cache-control': { value: 'no-store' } },
  })
})
