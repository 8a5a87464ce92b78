import { DomainError } from '../errors.ts'

export const contentTypeMismatch = (declared: string, actual: string): DomainError =>
  new DomainError(
    'content',
    'content_type_mismatch',
    `This file was declared as ${declared} but is ${actual}. Upload the photo itself.`,
    {
      actual,
      allowed: [declared],
    },
  )

export const unsupportedContent = (actual: string, allowed: readonly string[]): DomainError =>
  new DomainError('content', 'unsupported_media_type', `This file is ${actual}, which is not accepted here.`, {
    actual,
    allowed,
  })

export const corruptImage = (reason: string): DomainError =>
  new DomainError(
    'content',
    'corrupt_image',
    'This file is damaged or incomplete and cannot be read as an image. Export or take the picture again.',
    { reason },
  )

export const tooManyPixels = (limit: string, actual: string): DomainError =>
  new DomainError('content', 'too_many_pixels', `This image is too large: ${actual}, at most ${limit} is accepted.`, {
    limit,
    actual,
  })

export const tooManyFrames = (limit: string, actual: string): DomainError =>
  new DomainError(
    'content',
    'too_many_frames',
    `This animation is too long: ${actual}, at most ${limit} is accepted.`,
    { limit, actual },
  )

export const engineCrashed = (reason: string): DomainError =>
  new DomainError('processing', 'engine_crashed', `The process that read this image died (${reason}).`, { reason })

export const engineTimedOut = (limitMs: number, clock: 'wall' | 'cpu' = 'wall'): DomainError =>
  new DomainError(
    'processing',
    'engine_timed_out',
    `Reading this image took longer than ${limitMs / 1000} s${clock === 'cpu' ? ' of CPU time' : ''}.`,
    { limit: limitMs },
  )

export const engineOutOfMemory = (limit: number, actual: number): DomainError =>
  new DomainError('processing', 'engine_out_of_memory', 'Reading this image took more memory than it may.', {
    limit,
    actual,
  })

export const engineOverloaded = (limit: number): DomainError =>
  new DomainError('overloaded', 'overloaded', `The image engine has ${limit} renders waiting already.`, {
    limit,
    retry_after_seconds: 5,
  })
