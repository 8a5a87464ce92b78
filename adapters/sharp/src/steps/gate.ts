import { closeSync, openSync, readSync } from 'node:fs'
import { contentTypeMismatch, corruptImage, SOURCE_TYPES, tooManyPixels, unsupportedContent } from '@calotype/core'
import { isCutGif } from '../gate/gif-blocks.ts'
import { readGifScreen } from '../gate/gif-screen.ts'
import { checkSize } from '../gate/limits.ts'
import { canonicalMediaType, declaredMediaType, SNIFF_LENGTH, sniffMediaType } from '../gate/media-type.ts'
import { type DecodingShape, estimateMemory, pixelsWithin } from '../gate/memory-estimate.ts'
import { type Gated, NeedsMoreMemory, type Received } from './context.ts'
import { readHeader } from './read-header.ts'

const KNOWN_TYPES = new Set<string>(SOURCE_TYPES.map(canonicalMediaType))

const readHead = (path: string): Buffer => {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(SNIFF_LENGTH)
    return head.subarray(0, readSync(file, head, 0, SNIFF_LENGTH, 0))
  } finally {
    closeSync(file)
  }
}

/** The type by content. @throws unsupported_media_type, content_type_mismatch, corrupt_image when empty */
const decideType = (head: Buffer, { request }: Received): string => {
  if (head.length === 0) throw corruptImage('it is empty')
  const actual = sniffMediaType(head)
  const declared = declaredMediaType(request.declaredType)
  const { allowedTypes } = request.limits
  if (declared !== null && declared !== actual) throw contentTypeMismatch(declared, actual)
  if (!KNOWN_TYPES.has(actual)) throw unsupportedContent(actual, allowedTypes)
  if (!allowedTypes.some(type => canonicalMediaType(type) === actual)) throw unsupportedContent(actual, allowedTypes)
  return actual
}

/** @throws NeedsMoreMemory, or too_many_pixels where no job may have as much */
const checkMemory = (shape: DecodingShape, { memoryLimitBytes, memoryCeilingBytes }: Received): void => {
  const needed = estimateMemory(shape)
  if (needed > memoryCeilingBytes) {
    const limit = `${pixelsWithin(shape, memoryCeilingBytes)} pixels as ${shape.contentType}`
    throw tooManyPixels(limit, `${shape.width} × ${shape.height} pixels`)
  }
  if (needed > memoryLimitBytes) throw new NeedsMoreMemory(needed)
}

/**
 * Lets only through what the limits allow, by magic bytes and header, before a pixel is decoded.
 * @throws every verdict on content, or NeedsMoreMemory
 */
export const gate = async (context: Received): Promise<Gated> => {
  const { source, limits } = context.request
  const head = readHead(source)
  const contentType = decideType(head, context)
  const screen = contentType === 'image/gif' ? readGifScreen(head) : null
  if (screen !== null) checkSize({ ...screen, frames: 1 }, { ...limits })

  const { header, shape } = await readHeader(source, contentType)
  if (header.contentType !== contentType) throw corruptImage(`it says ${contentType} and holds ${header.contentType}`)
  const { width, height } = shape
  checkSize({ width, height, frames: header.frames }, limits)
  if (contentType === 'image/gif' && isCutGif(source)) throw corruptImage('it ends in the middle of a block')
  checkMemory(shape, context)
  return { ...context, header }
}
