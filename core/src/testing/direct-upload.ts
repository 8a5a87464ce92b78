import type { Readable } from 'node:stream'
import type { Context } from '../context.ts'
import { type BeginUploadInput, beginUpload, originalKey, receiveUpload } from '../images/index.ts'
import { bodyOf } from './contracts/bytes.ts'
import type { World } from './world.ts'

/** Asks for an upload URL; the image waits for its bytes. */
export async function begin(world: World, wanted: Partial<BeginUploadInput> = {}, ctx: Context = world.owner) {
  const input: BeginUploadInput = {
    ...{ projectId: null, fileName: 'roof.jpg', declaredType: 'image/jpeg', sizeBytes: null, sha256: null },
    ...{ detectionTypes: null, priority: null },
    ...wanted,
  }
  const begun = await beginUpload(world.deps, ctx, input)
  if (begun.duplicate) throw new Error('These bytes are there already')
  const image = await world.memory.images.find(world.project.organizationId, begun.imageId)
  const terms = world.deps.uploads.signed.at(-1)
  if (!image || !terms) throw new Error('The image that was just made is not there')
  return { image, terms, begun }
}

/** Sends bytes to the upload URL that `begin` was answered. */
export const send = (world: World, begun: Awaited<ReturnType<typeof begin>>, bytes: Buffer, body?: Readable) =>
  receiveUpload(world.deps, { terms: begun.terms, body: body ?? bodyOf(bytes), requestId: 'storage' })

/** Puts bytes into storage as a foreign storage does it: nobody of ours sees them pass. */
export const putDirectly = (world: World, imageId: string, bytes: Buffer) =>
  world.blobs.put(
    originalKey(imageId),
    bodyOf(bytes),
    { maxBytes: 1_000_000, contentType: 'image/jpeg' },
    { projectId: world.project.id, purpose: 'original' },
  )
