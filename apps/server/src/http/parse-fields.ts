import { DomainError } from '@calotype/core'
import type { z } from 'zod'

/** Parses what Fastify does not (form fields), with the same error as a bad body. */
export function parseFields<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw new DomainError('invalid', 'invalid_request', `The field ${field} ${issue?.message ?? 'is invalid'}.`, {
    reason: field,
  })
}
