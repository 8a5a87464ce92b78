import { describe, expect, it } from 'vitest'
import { tidyOpenApi } from './tidy-openapi.ts'

const json = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
})

const generated = (more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  paths: {
    '/api/v1/images/{id}/signed-url': {
      get: {
        responses: {
          200: { description: 'Default Response', ...json('Image') },
          404: { description: 'Default Response', ...json('Problem') },
        },
      },
    },
    '/api/v1/images': {
      post: { requestBody: json('AskInput'), responses: { 200: { description: 'Made', ...json('Image') } } },
    },
    '/health': { get: { responses: { 503: { description: 'Default Response', ...json('Readiness') } } } },
    '/api/v1/images/{id}/file': {
      get: { responses: { 403: { description: 'Default Response', ...json('Problem') } } },
    },
    '/api/v1/images/upload': { post: { responses: {} } },
    ...more,
  },
  components: {
    schemas: {
      ...{
        Image: { type: 'object' },
        ImageInput: { type: 'object' },
        Ask: { type: 'object' },
        AskInput: { type: 'object' },
      },
      ...{ Problem: {}, Readiness: {}, ImageStatusEvent: {} },
    },
  },
})

describe('the OpenAPI document', () => {
  const tidy = tidyOpenApi(generated())

  it('names every operation by its method and path', () => {
    const ids = Object.values(tidy.paths ?? {})
      .flatMap(item => [item?.get?.operationId, item?.post?.operationId])
      .filter(id => id)
    expect(ids.sort()).toEqual([
      'getHealth',
      'getImagesIdFile',
      'getImagesIdSignedUrl',
      'postImages',
      'postImagesUpload',
    ])
  })

  it('gives problems their media type, and health its own', () => {
    const answers = (path: string) => tidy.paths?.[path]?.get?.responses
    expect(answers('/api/v1/images/{id}/signed-url')).toMatchObject({
      200: { description: 'OK', content: { 'application/json': {} } },
      404: {
        description: 'Not Found',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    })
    expect(answers('/health')).toMatchObject({ 503: { content: { 'application/json': {} } } })
    expect(tidy.paths?.['/api/v1/images']?.post?.responses).toMatchObject({ 200: { description: 'Made' } })
  })

  it('has each schema once: a request by its own name where no answer shares it', () => {
    expect(Object.keys(tidy.components?.schemas ?? {}).sort()).toEqual([
      'Ask',
      'Image',
      'ImageStatusEvent',
      'Problem',
      'Readiness',
    ])
    expect(tidy.paths?.['/api/v1/images']?.post?.requestBody).toEqual(json('Ask'))
  })

  it('describes bodies that are streams', () => {
    expect(tidy.paths?.['/api/v1/images/{id}/file']?.get?.responses).toMatchObject({
      200: { content: { 'image/*': {} } },
      206: {},
      304: {},
      403: {},
    })
    const form = tidy.paths?.['/api/v1/images/upload']?.post?.requestBody
    expect(form).toMatchObject({ content: { 'multipart/form-data': { schema: { required: ['file'] } } } })
  })

  it('refers to nothing that is not there', () => {
    const both = tidyOpenApi(generated({ '/x': { put: { requestBody: json('ImageInput'), responses: {} } } }))
    for (const document of [tidy, both]) {
      const refs = [...JSON.stringify(document.paths).matchAll(/#\/components\/schemas\/(\w+)"/g)].map(
        match => match[1] ?? '',
      )
      for (const name of refs) expect(document.components?.schemas).toHaveProperty(name)
    }
    expect(Object.keys(both.components?.schemas ?? {})).toEqual(expect.arrayContaining(['Image', 'ImageInput']))
  })
})

it('keeps what only other schemas use, so that every reference leads somewhere', () => {
  const part = (name: string) => ({
    type: 'object' as const,
    properties: { part: { $ref: `#/components/schemas/${name}` } },
  })
  const document = generated()
  const schemas = { ...document.components.schemas, AskInput: part('PartInput'), Image: part('Part') }
  const tidy = tidyOpenApi({
    ...document,
    components: { schemas: { ...schemas, Part: {}, PartInput: {}, LooseInput: {} } },
  })
  const named = Object.keys(tidy.components?.schemas ?? {})
  const references = [...JSON.stringify(tidy).matchAll(/#\/components\/schemas\/(\w+)"/g)].map(match => match[1])
  expect(references.filter(name => !named.includes(name ?? ''))).toEqual([])
  expect(named).toEqual(expect.arrayContaining(['Ask', 'Part', 'PartInput']))
  expect(named).not.toContain('LooseInput')
})
