import { z } from 'zod'

/** A ULID: 26 characters of Crockford's base 32. */
export const Id = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'must be a ULID of 26 characters')
  .meta({ description: 'A ULID (26 characters).', example: '01K9Z5J8Q3T7W2X4Y6A8B0C2D4' })

/** RFC 3339 in UTC with milliseconds. */
export const Timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'RFC 3339, UTC, milliseconds.', example: '2026-11-20T12:00:00.000Z' })

/** SHA-256 in lower-case hex. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
  .meta({ description: 'SHA-256, lower-case hex.' })

export const ImageIdParams = z.object({ id: Id })

export const MAX_IDEMPOTENCY_KEY = 255

/** Other headers pass as they are. */
export const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters')
    .max(MAX_IDEMPOTENCY_KEY)
    .optional()
    .meta({
      description:
        'The same key with the same request within 24 hours answers the same resource, without its secrets; another request is 409.',
    }),
})

export const MAX_PAGE = 200
export const DEFAULT_PAGE = 50

/** Which page of a list, newest first. */
export const PageQuery = z.object({
  cursor: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})
