import type {
  DeleteAnswer,
  Image,
  ImageExplanation,
  ImagePatch,
  ImportRequest,
  Metadata,
  SignedCookies,
  SignedUrl,
  SignedUrls,
  UploadUrlRequest,
  UploadUrls,
  VariantFormat,
} from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { inGroupsOf } from './groups.ts'
import { type ListOptions, page, pages } from './list.ts'
import type { ResumableUploadOptions } from './resumable.ts'
import { type MultipartUploadOptions, type UploadOptions, upload, uploadDirect } from './upload.ts'

const MAX_SIGNED_URLS = 50
const MAX_DELETIONS = 1_000

export interface CallOptions {
  signal?: AbortSignal | undefined
}

export interface SignedUrlOptions extends CallOptions {
  variant?: string | undefined
  format?: VariantFormat | undefined
  /** Also answer the URL of every variant and format. */
  include?: 'variants' | undefined
}

export type Images = ReturnType<typeof createImages>

export function createImages(connection: Connection) {
  const { call, callFor } = connection
  return {
    upload: (file: Blob, options?: MultipartUploadOptions) => upload(connection, file, options),
    uploadDirect: (file: Blob, options?: UploadOptions) => uploadDirect(connection, file, options),
    /** In pieces, for large files and bad networks. Its code is loaded when it is first used. */
    uploadResumable: async (file: Blob, options?: ResumableUploadOptions) =>
      (await import('./resumable.ts')).uploadResumable(connection, file, options),

    get: (id: string, options: CallOptions & { wait?: 'ready' | undefined } = {}) =>
      callFor<Image>({ path: `/images/${id}`, query: { wait: options.wait }, signal: options.signal }),

    /** Pages as they are asked for: `for await (const { items } of images.list())`. */
    list: (options?: ListOptions) => pages(connection, options),
    /** One page, for those who keep the cursor themselves. */
    page: (options?: ListOptions) => page(connection, options),

    /** Asks for 1 to 100 upload URLs; each item has its own answer and counts for the rate limit. */
    uploadUrls: (
      items: readonly UploadUrlRequest[],
      { signal, idempotencyKey }: CallOptions & { idempotencyKey?: string | undefined } = {},
    ) => callFor<UploadUrls>({ method: 'POST', path: '/images/upload-urls', json: { items }, signal, idempotencyKey }),

    /** Lets the server fetch a file from a public URL; the image is `pending_upload` until its bytes are there. */
    importFrom: (
      request: ImportRequest,
      { signal, idempotencyKey }: CallOptions & { idempotencyKey?: string | undefined } = {},
    ) => callFor<Image>({ method: 'POST', path: '/images/import', json: request, signal, idempotencyKey }),

    /** Changes labels (null clears), or moves the image to another project of the organisation. */
    update: (id: string, patch: ImagePatch, options: CallOptions = {}) =>
      callFor<Image>({ method: 'PATCH', path: `/images/${id}`, json: patch, signal: options.signal }),

    metadata: (id: string, options: CallOptions = {}) =>
      callFor<Metadata>({ path: `/images/${id}/metadata`, signal: options.signal }),

    retry: (id: string, options: CallOptions = {}) =>
      callFor<Image>({ method: 'POST', path: `/images/${id}/retry`, signal: options.signal }),

    /** Back from the deleted ones, until `purge_at`. */
    restore: (id: string, options: CallOptions = {}) =>
      callFor<Image>({ method: 'POST', path: `/images/${id}/restore`, signal: options.signal }),

    /** What happened to it, what it waits for, and when it is tried next, in plain words. */
    explain: (id: string, options: CallOptions = {}) =>
      callFor<ImageExplanation>({ path: `/images/${id}/explain`, signal: options.signal }),

    delete: async (id: string, options: CallOptions = {}): Promise<void> => {
      await call({ method: 'DELETE', path: `/images/${id}`, signal: options.signal })
    },

    /** Any number: sent in groups as large as the server takes. */
    deleteMany: async (ids: readonly string[], options: CallOptions = {}): Promise<DeleteAnswer> => {
      const merged: DeleteAnswer = { accepted: [], not_found: [] }
      for (const image_ids of inGroupsOf(MAX_DELETIONS, ids)) {
        const json = { image_ids }
        const answer = await callFor<DeleteAnswer>({ method: 'POST', path: '/images/delete', json, ...options })
        merged.accepted.push(...answer.accepted)
        merged.not_found.push(...answer.not_found)
      }
      return merged
    },

    signedUrl: (id: string, { signal, variant, format, include }: SignedUrlOptions = {}) =>
      callFor<SignedUrl>({ path: `/images/${id}/signed-url`, query: { variant, format, include }, signal }),

    /** Any number: sent in groups as large as the server takes. */
    signedUrls: async (
      ids: readonly string[],
      { variant, signal }: CallOptions & { variant?: string | undefined } = {},
    ): Promise<SignedUrls> => {
      const merged: SignedUrls = { items: [], not_found: [] }
      for (const image_ids of inGroupsOf(MAX_SIGNED_URLS, ids)) {
        const json = { image_ids, variant }
        const answer = await callFor<SignedUrls>({ method: 'POST', path: '/images/signed-urls', json, signal })
        merged.items.push(...answer.items)
        merged.not_found.push(...answer.not_found)
      }
      return merged
    },

    /** Cookies that open all variants of a project at the CDN, for a server that sets them for its pages; null without such a CDN. */
    signedCookies: (projectId: string, { signal }: CallOptions = {}) =>
      callFor<SignedCookies>({ path: `/projects/${projectId}/signed-cookies`, signal }),

    /** Where the bytes themselves are, for `<img>` and downloads under the session's or key's rights. */
    fileUrl: (id: string, options: { variant?: string; format?: VariantFormat; use?: 'download' | 'view' } = {}) =>
      connection.url(`/images/${id}/file`, options),
  }
}
