import { TUS_VERSION } from '@calotype/contract'
import { DomainError, type Image, unsupportedMediaType } from '@calotype/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

// The protocol is spoken here and not by @tus/server: that one answers a wrong version, type or missing offset with other statuses than
// the protocol says and with text past its own error hook, sets CORS headers of its own, and locks in memory; @tus/file-store and
// @tus/s3-store are not synced, keep their metadata beside the bytes under the upload's name, and know neither our rules nor our hashes.
// What is left of the protocol are the few headers below.

/** The type of every body that carries bytes of a resumable upload. */
const BODY_TYPE = 'application/offset+octet-stream'
const EXTENSIONS = 'creation,creation-with-upload,expiration,termination'

const unsupportedTusVersion = (actual: string | undefined): DomainError =>
  new DomainError(
    'precondition',
    'unsupported_tus_version',
    `Send the header Tus-Resumable: ${TUS_VERSION}; this is the version of the protocol that is spoken here.`,
    { allowed: [TUS_VERSION], ...(actual === undefined ? {} : { actual: actual.slice(0, 20) }) },
  )

const invalidMetadata = (reason: string): DomainError =>
  new DomainError('invalid', 'invalid_request', `The header Upload-Metadata ${reason}.`, { reason: 'upload-metadata' })

/** Lets every route of this scope speak the protocol: the version in every answer, bodies left as streams. */
export function speakTus(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('tus-resumable', TUS_VERSION)
    if (request.method === 'OPTIONS') return
    const version = request.headers['tus-resumable']
    if (version === TUS_VERSION) return
    reply.header('tus-version', TUS_VERSION)
    throw unsupportedTusVersion(typeof version === 'string' ? version : undefined)
  })
}

/** What a client may ask before it begins. */
export const describeTus = (maxBytes: number): Record<string, string> => ({
  'tus-version': TUS_VERSION,
  'tus-extension': EXTENSIONS,
  'tus-max-size': String(maxBytes),
})

/** Whether a creation brings bytes along. */
export const hasUploadBody = (request: FastifyRequest): boolean => request.headers['content-type'] === BODY_TYPE

/** Rejects with `unsupported_media_type` for bodies of any other type. */
export function checkUploadBody(request: FastifyRequest): void {
  if (!hasUploadBody(request))
    throw unsupportedMediaType('unsupported', request.headers['content-type'] ?? '', [BODY_TYPE])
}

const KEY = /^[!-+\--~]+$/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** `Upload-Metadata` as texts by key: `key base64,key base64,key`. */
export function parseMetadata(header: string | undefined): Record<string, string> {
  const metadata: Record<string, string> = {}
  for (const pair of (header ?? '').split(',').map(text => text.trim())) {
    if (pair === '') continue
    const [key = '', value = '', ...rest] = pair.split(' ')
    if (!KEY.test(key) || !BASE64.test(value) || rest.length > 0) throw invalidMetadata('has a malformed pair')
    if (Object.hasOwn(metadata, key)) throw invalidMetadata('names a key twice')
    metadata[key] = Buffer.from(value, 'base64').toString()
  }
  return metadata
}

/** The same the other way round; what is not there is left out. */
export const metadataOf = (metadata: Readonly<Record<string, string | null>>): string =>
  Object.entries(metadata)
    .flatMap(([key, value]) => (value === null ? [] : `${key} ${Buffer.from(value).toString('base64')}`))
    .join(',')

/** What was said of an upload when it began. */
export const imageMetadata = ({ fileName, declaredType, projectId, declaredSha256 }: Image): string =>
  metadataOf({ filename: fileName, filetype: declaredType, project_id: projectId, sha256: declaredSha256 })
