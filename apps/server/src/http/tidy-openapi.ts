import { STATUS_CODES } from 'node:http'
import type { OpenAPIV3_1 } from 'openapi-types'

type Document = OpenAPIV3_1.Document

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const
const INPUT = /Input$/
const TUS_BODY = 'application/offset+octet-stream'
const BINARY = { schema: { type: 'string' as const, format: 'binary' } }

const UPLOAD_FORM: OpenAPIV3_1.RequestBodyObject = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        properties: {
          file: { type: 'string', format: 'binary' },
          project_id: { type: 'string' },
          sha256: { type: 'string', description: 'SHA-256 of the file, lower-case hex.' },
          detection_types: { type: 'string', description: 'Repeated or comma-separated.' },
          priority: { type: 'string', enum: ['low', 'normal', 'high'] },
          alt: { type: 'string', maxLength: 1000 },
          reference: { type: 'string', maxLength: 255 },
          attributes: { type: 'string', description: 'A JSON object of at most 1,024 bytes.' },
        },
      },
    },
  },
}

/** Bodies that no schema of a route can say, because they are streams. */
const STREAMS: Record<string, Pick<OpenAPIV3_1.OperationObject, 'requestBody' | 'responses'>> = {
  'post /api/v1/images/upload': { requestBody: UPLOAD_FORM },
  'put /api/v1/uploads/direct/{id}': { requestBody: { required: true, content: { 'image/*': BINARY } } },
  'post /api/v1/images/resumable': { requestBody: { content: { [TUS_BODY]: BINARY } } },
  'patch /api/v1/images/resumable/{id}': { requestBody: { required: true, content: { [TUS_BODY]: BINARY } } },
  'get /api/v1/images/{id}/file': {
    responses: {
      200: { description: 'OK', content: { 'image/*': BINARY } },
      206: { description: 'Partial Content', content: { 'image/*': BINARY } },
      304: { description: 'Not Modified' },
    },
  },
  'get /api/v1/projects/{id}/events': {
    responses: {
      200: {
        description: 'OK',
        content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/ImageStatusEvent' } } },
      },
    },
  },
}

/** The generated document as people read it: each schema once, statuses by name, problems by their type, streams described. */
export function tidyOpenApi(generated: object): Document {
  const tidy = mergeInputs(asDocument(generated))
  for (const [path, item] of Object.entries(tidy.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method]
      if (operation) tidyOperation(operation, method, path)
    }
  }
  return tidy
}

/** The generator types its answer as one of several versions; it is set to 3.1. */
const asDocument = (generated: object): Document => generated as Document

/** Request schemas come as `XInput` beside `X`. Where only one of them is used it becomes `X`; an event has no request. */
function mergeInputs(document: Document): Document {
  const schemas = document.components?.schemas ?? {}
  const used = reachable(document.paths, schemas)
  const renamed = Object.keys(schemas).filter(
    name => INPUT.test(name) && used.has(name) && !used.has(name.replace(INPUT, '')),
  )
  const kept = Object.fromEntries(
    Object.entries(schemas)
      .filter(([name]) => (INPUT.test(name) ? used.has(name) : !renamed.includes(`${name}Input`)))
      .map(([name, schema]) => [renamed.includes(name) ? name.replace(INPUT, '') : name, schema]),
  )
  const merged = JSON.stringify({ ...document, components: { ...document.components, schemas: kept } })
  const parsed: Document = JSON.parse(
    merged.replace(/#\/components\/schemas\/(\w+)Input"/g, (whole, name: string) =>
      renamed.includes(`${name}Input`) ? `#/components/schemas/${name}"` : whole,
    ),
  )
  return parsed
}

/** The schemas that the paths use, and those that these use. */
function reachable(paths: Document['paths'], schemas: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part ?? null).matchAll(/#\/components\/schemas\/(\w+)"/g)) {
      if (found.has(name)) continue
      found.add(name)
      look(schemas[name])
    }
  }
  look(paths)
  return found
}

function tidyOperation(operation: OpenAPIV3_1.OperationObject, method: string, path: string): void {
  const words = path
    .replace('/api/v1', '')
    .split(/[^A-Za-z]+/)
    .filter(word => word !== '')
  operation.operationId = method + words.map(word => word[0]?.toUpperCase() + word.slice(1)).join('')
  const streams = STREAMS[`${method} ${path}`]
  if (streams?.requestBody) operation.requestBody = streams.requestBody
  operation.responses = { ...streams?.responses, ...operation.responses }
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    if ('$ref' in response) continue
    if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? status
    const json = response.content?.['application/json']
    if (json && Number(status) >= 400 && !path.includes('health'))
      response.content = { 'application/problem+json': json }
  }
}
