import { DomainError, type UploadFile } from '@calotype/core'
import type { FastifyRequest } from 'fastify'

/** Limits of a multipart form; the file itself is capped while it streams to storage. */
export const FORM_LIMITS = { files: 1, fields: 30, fieldSize: 4_096, fieldNameSize: 100, headerPairs: 50, parts: 31 }

export interface FormFile extends UploadFile {
  /** Fields that came before the file. */
  fieldsSoFar: FormFields
}

export type FormFields = Record<string, readonly string[]>

const formLimit = (): DomainError =>
  new DomainError('invalid', 'invalid_request', 'This form has too many or too large parts.', { reason: 'form' })

const notAForm = (): DomainError =>
  new DomainError(
    'invalid',
    'invalid_request',
    'This call takes a multipart/form-data body with a part named `file`.',
    { reason: 'content_type' },
  )

const brokenForm = (cause: unknown): DomainError =>
  new DomainError('invalid', 'invalid_request', 'This multipart form is malformed.', { reason: 'form' }, cause)

/**
 * Reads a form with one file and text fields in any order; the file is handed on as a stream the moment it comes. When anything goes wrong
 * the rest of the body is drained, so that the client gets to read the answer.
 */
export async function readUploadForm(
  request: FastifyRequest,
  takeFile: (file: FormFile) => Promise<void>,
): Promise<FormFields> {
  if (!request.isMultipart()) throw notAForm()
  const fields: Record<string, string[]> = {}
  try {
    for await (const part of request.parts({ limits: { ...FORM_LIMITS, fileSize: Number.MAX_SAFE_INTEGER } })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file' || part.filename === undefined) {
          part.file.resume()
          continue
        }
        const file = {
          body: part.file,
          fileName: part.filename,
          declaredType: part.mimetype || null,
          fieldsSoFar: fields,
        }
        await takeFile(file)
      } else if (typeof part.value === 'string') {
        if (part.valueTruncated || part.fieldnameTruncated) throw formLimit()
        fields[part.fieldname] = [...(fields[part.fieldname] ?? []), part.value]
      }
    }
  } catch (error) {
    request.raw.unpipe()
    request.raw.resume()
    throw mapFormError(error)
  }
  return fields
}

function mapFormError(error: unknown): unknown {
  if (error instanceof DomainError) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return formLimit()
  if (code.startsWith('FST_') || code === 'ECONNRESET' || isBusboyError(error)) return brokenForm(error)
  return error
}

const isBusboyError = (error: unknown): boolean =>
  error instanceof Error && /^(Unexpected end of|Malformed|Multipart|Part terminated|Boundary)/i.test(error.message)
