import { Id, Sha256 } from '@calotype/contract'
import type { ReadEntityForm } from '@calotype/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type FormFields, readUploadForm } from './multipart-form.ts'
import { parseFields } from './parse-fields.ts'

const Fields = z.object({ project_id: Id.optional(), sha256: Sha256.optional(), caption: z.string().optional() })

function fieldsOf({ project_id, sha256, caption }: FormFields, queryProject: string | undefined) {
  const last = (values: readonly string[] | undefined) => values?.at(-1) || undefined
  const fields = parseFields(Fields, {
    project_id: queryProject ?? last(project_id),
    sha256: last(sha256)?.toLowerCase(),
    caption: last(caption),
  })
  return {
    projectId: fields.project_id ?? null,
    sha256: fields.sha256 ?? null,
    caption: fields.caption ?? null,
  }
}

/** The multipart form of a slot or gallery; a project in the query goes before one in the form. */
export const entityForm =
  (request: FastifyRequest, queryProject: string | undefined): ReadEntityForm =>
  async takeFile => {
    const fields = await readUploadForm(request, file =>
      takeFile({ ...file, projectId: fieldsOf(file.fieldsSoFar, queryProject).projectId }),
    )
    return fieldsOf(fields, queryProject)
  }
