import fc from 'fast-check'
import type { OpenAPIV3_1 } from 'openapi-types'
import { fromSchema, type Pool } from './from-schema.ts'
import { junkText } from './junk.ts'
import { asText, spoiled } from './mutate.ts'
import type { Sent } from './send.ts'

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const
type Method = (typeof METHODS)[number]

export interface Operation {
  method: Method
  path: string
  operation: OpenAPIV3_1.OperationObject
}

/** Every operation of the document, the authentication library's own apart. */
export const operationsOf = (document: OpenAPIV3_1.Document): readonly Operation[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap(method => {
      const operation = item?.[method]
      return operation ? [{ method, path, operation }] : []
    }),
  )

const BOUNDARY = 'fuzz'
const SAFE_HEADER = /[^\t\u0020-\u007e\u0080-\u00ff]/g
const MAX_HEADER = 3_000
/** The client refuses to send these unescaped. */
const UNSAFE_PATH = /[^\u0021-\u00ff]/g
const MAX_PATH = 6_000

const ODD_HEADERS = [
  ...['x-request-id', 'if-none-match', 'range', 'accept', 'last-event-id', 'idempotency-key', 'cookie', 'origin'],
  ...[
    'x-forwarded-for',
    'x-calotype-console',
    'accept-encoding',
    'if-modified-since',
    'referer',
    'x-http-method-override',
  ],
]
const ODD_TYPES = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-7',
  'multipart/form-data',
  '',
  'a',
  'image/jpeg',
]
const CREDENTIALS = [
  'Bearer',
  'Bearer x',
  'Bearer  ',
  'Basic b2s6b2s=',
  'Bearer a.b.c',
  `Bearer ${'x'.repeat(2_000)}`,
  'Bearer cal_key_x',
]
const ODD_QUERIES = [
  'a[]=1&a[b]=2',
  '&&=&',
  '%',
  'x=%E0%A4%A',
  '__proto__[role]=owner',
  'constructor.prototype.x=1',
  'limit=1&limit=2',
]

const encode = (text: string): string => encodeURIComponent(text.toWellFormed())

const parametersOf = (operation: OpenAPIV3_1.OperationObject) =>
  (operation.parameters ?? []).flatMap(part =>
    'name' in part && part.schema ? [{ ...part, schema: part.schema }] : [],
  )

/** Requests that an operation describes, spoiled in all the ways that clients and attackers spoil them. */
export function requestsOf(document: OpenAPIV3_1.Document, pool: Pool, key: string): fc.Arbitrary<Sent> {
  const { arbitrary } = fromSchema(document, pool)
  type Part = Pick<OpenAPIV3_1.ParameterObject, 'name'> & { schema: Parameters<typeof arbitrary>[0] }

  const oneOf = (part: Part, junk: number, name = part.name) =>
    fc.oneof({ weight: 10, arbitrary: arbitrary(part.schema, name).map(String) }, { weight: junk, arbitrary: junkText })

  function pathOf({ method, path, operation }: Operation): fc.Arbitrary<string> {
    const params = parametersOf(operation).filter(part => part.in === 'path')
    const values = fc.tuple(...params.map(part => oneOf(part, 3, `${method} ${path}`)))
    return fc.tuple(values, fc.nat(60), junkText).map(([found, way, junk]) => {
      const filled = params.reduce(
        (text, part, index) => text.replace(`{${part.name}}`, encode(found[index] ?? '')),
        path,
      )
      if (way === 0) return `${filled}/${encode(junk)}`
      if (way === 1) return `${filled}%00`
      if (way === 2) return filled.replace('/v1/', '/v1//')
      return filled
    })
  }

  function queryOf({ operation }: Operation): fc.Arbitrary<string> {
    const params = parametersOf(operation).filter(part => part.in === 'query')
    const pairs = params.map(part => {
      const given = fc
        .array(oneOf(part, 3), { minLength: 1, maxLength: 2 })
        .map(values => values.map(value => `${part.name}=${encode(value)}`))
      return fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: given })
    })
    const odd = fc.option(fc.constantFrom(...ODD_QUERIES), { freq: 6, nil: '' })
    return fc
      .tuple(fc.tuple(...pairs), odd)
      .map(([found, more]) => [...found.flat(), ...(more ? [more] : [])].join('&'))
  }

  const headers = fc
    .tuple(
      fc.oneof(
        { weight: 20, arbitrary: fc.constant(`Bearer ${key}`) },
        { weight: 1, arbitrary: fc.constantFrom('', ...CREDENTIALS) },
      ),
      fc.dictionary(fc.constantFrom(...ODD_HEADERS), junkText, { maxKeys: 2 }),
      // Attempts are counted by address.
      fc.nat(2 ** 16),
    )
    .map(([authorization, odd, from]) => ({
      'x-forwarded-for': `10.1.${from >> 8}.${from & 255}`,
      ...odd,
      ...(authorization ? { authorization } : {}),
    }))

  function bodyOf({ operation }: Operation): fc.Arbitrary<{ type: string; body: Buffer } | null> {
    const content = operation.requestBody && 'content' in operation.requestBody ? operation.requestBody.content : {}
    const json = content['application/json']?.schema
    const none = fc.constant(null)
    if (json) {
      const text = asText(spoiled(arbitrary(json, 'body'))).map(made => Buffer.from(made))
      const type = fc.oneof(
        { weight: 15, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_TYPES) },
      )
      return fc.oneof({ weight: 20, arbitrary: fc.record({ type, body: text }) }, { weight: 1, arbitrary: none })
    }
    if (content['multipart/form-data']) return form
    if (Object.keys(content).length > 0)
      return fc.record({
        type: fc.constantFrom('image/jpeg', ...ODD_TYPES),
        body: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
      })
    return fc.oneof(
      { weight: 8, arbitrary: none },
      { weight: 1, arbitrary: fc.constant({ type: 'application/json', body: Buffer.from('{}') }) },
    )
  }

  const one = (operation: Operation): fc.Arbitrary<Sent> =>
    fc
      .record({ path: pathOf(operation), query: queryOf(operation), headers, body: bodyOf(operation) })
      .map(({ path, query, headers: sent, body }) => ({
        method: operation.method.toUpperCase(),
        path: `${path}${query ? `?${query}` : ''}`.replace(UNSAFE_PATH, '').slice(0, MAX_PATH),
        headers: safeHeaders({ ...sent, ...(body?.type ? { 'content-type': body.type } : {}) }),
        body: body?.body ?? null,
      }))
  return fc.oneof(...operationsOf(document).map(one), ...ACCOUNT_CALLS.map(accountCall).map(one))
}

const safeHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace(SAFE_HEADER, '').slice(0, MAX_HEADER)]),
  )

/** The account library's calls, which are in no document of ours. */
const ACCOUNT_CALLS = [
  ...['sign-up/email', 'sign-in/email', 'sign-out', 'change-password', 'request-password-reset', 'reset-password'],
  ...['update-user', 'delete-user', 'revoke-session', 'token', 'list-sessions', 'change-email', 'nothing'],
]
const accountText = { type: 'string' as const }

const accountCall = (call: string): Operation => ({
  method: 'post',
  path: `/api/auth/${call}`,
  operation: {
    responses: {},
    requestBody: {
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              email: { type: 'string', format: 'email' },
              ...{ name: accountText, password: accountText, newPassword: accountText, token: accountText },
            },
          },
        },
      },
    },
  },
})

const NAMES = [
  'file',
  'file',
  'file',
  'project_id',
  'sha256',
  'detection_types',
  'priority',
  'alt',
  'reference',
  'attributes',
  '__proto__',
  '',
  'x"y',
]
const FILES = [
  'roof.jpg',
  'a"b.jpg',
  'a\\b.jpg',
  'a\\"; name="x',
  "a';b.jpg",
  '',
  '..',
  '../../x',
  'é.jpg',
  'a\u0000b',
  'x'.repeat(300),
  '🙂.png',
  '%22.jpg',
]

const GOOD_PART = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="roof.jpg"\r\ncontent-type: image/jpeg\r\n\r\na picture\r\n`

/** Forms with parts in any order, odd names, and now and then a broken frame. */
const form: fc.Arbitrary<{ type: string; body: Buffer }> = fc
  .record({
    parts: fc.array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        file: fc.option(fc.oneof(fc.constantFrom(...FILES), junkText), { freq: 3, nil: null }),
        type: fc.constantFrom('', 'image/jpeg', 'image/png', 'text/html', 'x', 'image/jpeg; charset="'),
        value: fc.oneof(junkText, fc.constant('some bytes of a picture'), fc.constant('{"a":1}')),
      }),
      { maxLength: 4 },
    ),
    way: fc.nat(20),
  })
  .map(({ parts, way }) => {
    const text = parts.map(({ name, file, type, value }) => {
      const named = file === null ? '' : `; filename="${file}"`
      const typed = type === '' ? '' : `content-type: ${type}\r\n`
      return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${named}\r\n${typed}\r\n${value}\r\n`
    })
    if (way > 12) text.splice(0, way > 16 ? text.length : 0, GOOD_PART)
    const end = way === 0 ? '' : way === 1 ? `--${BOUNDARY}` : `--${BOUNDARY}--\r\n`
    const type =
      way === 2
        ? 'multipart/form-data'
        : way === 3
          ? 'multipart/form-data; boundary=""'
          : `multipart/form-data; boundary=${BOUNDARY}`
    return { type, body: Buffer.from(text.join('') + end) }
  })
