import { DetectionTypes, Id, Priority, Sha256 } from '@calotype/contract'
import { z } from 'zod'
import type { FormFields } from './multipart-form.ts'
import { parseFields } from './parse-fields.ts'

const UploadFields = z.object({
  project_id: Id.optional(),
  sha256: Sha256.optional(),
  detection_types: DetectionTypes.optional(),
  priority: Priority.optional(),
  alt: z.string().optional(),
  reference: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
})

/** Repeated or comma-separated. */
const detectionTypesOf = (values: readonly string[] | undefined): string[] | undefined =>
  values
    ?.flatMap(value => value.split(','))
    .map(value => value.trim())
    .filter(value => value !== '')

/** What is no JSON is left as it is, for the schema to refuse. */
function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What is said of an upload beside its bytes, as texts: in a form or in the metadata of a resumable upload. */
export function fieldsOf(fields: FormFields) {
  const { project_id, sha256, detection_types, priority, alt, reference, attributes } = fields
  const last = (values: readonly string[] | undefined) => values?.at(-1) || undefined
  return parseFields(UploadFields, {
    project_id: last(project_id),
    sha256: last(sha256)?.toLowerCase(),
    detection_types: detectionTypesOf(detection_types),
    priority: last(priority),
    alt: last(alt),
    reference: last(reference),
    attributes: jsonOf(last(attributes)),
  })
}
