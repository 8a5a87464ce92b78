import { z } from 'zod'
import { VariantFormat } from './image.ts'
import { DetectionTypes, VARIANT_NAME } from './image-requests.ts'
import { Name } from './organizations.ts'
import { Id, Timestamp } from './scalars.ts'

export const MAX_VARIANTS = 10
export const MAX_VARIANT_SIDE = 4_096

export const VariantSettings = z
  .object({
    name: z.string().regex(VARIANT_NAME),
    width: z.number().int().min(1).max(MAX_VARIANT_SIDE),
    height: z.number().int().min(1).max(MAX_VARIANT_SIDE),
    fit: z.enum(['cover', 'inside']).meta({ description: '`cover` fills the box and crops; `inside` never enlarges.' }),
    formats: z.array(VariantFormat).min(1).max(3),
    max_bytes: z.number().int().min(1_024).nullable().meta({ description: 'Upper bound of each still file.' }),
  })
  .meta({ id: 'VariantSettings' })
export type VariantSettings = z.infer<typeof VariantSettings>

export const Project = z
  .object({
    id: Id,
    organization_id: Id,
    name: z.string(),
    allowed_types: z.array(z.string()),
    min_bytes: z.number().int(),
    max_bytes: z.number().int(),
    max_side: z.number().int(),
    max_pixels: z.number().int(),
    variants: z.array(VariantSettings),
    visibility: z.enum(['private', 'public']),
    retention_days: z
      .number()
      .int()
      .meta({ description: 'For how many days deleted images can be restored; 0 purges them at once.' }),
    detection_types: z.array(z.string()),
    created_at: Timestamp,
  })
  .meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

/** The settings of a project as a caller may set them; the verb checks them against the limits of the installation. */
export const ProjectSettings = z
  .object({
    name: Name,
    allowed_types: z.array(z.string().max(100)).min(1).max(20),
    min_bytes: z.number().int().min(1),
    max_bytes: z.number().int().min(1),
    max_side: z.number().int().min(1),
    max_pixels: z.number().int().min(1),
    variants: z.array(VariantSettings).min(1).max(MAX_VARIANTS),
    visibility: z.enum(['private', 'public']),
    retention_days: z.number().int().min(0),
    detection_types: DetectionTypes,
  })
  .meta({ id: 'ProjectSettings' })

export const ProjectRequest = ProjectSettings.partial().required({ name: true }).meta({ id: 'ProjectRequest' })
export type ProjectRequest = z.infer<typeof ProjectRequest>
export const ProjectChange = ProjectSettings.partial().meta({ id: 'ProjectChange' })
export type ProjectChange = z.infer<typeof ProjectChange>

export const ProjectList = z
  .object({ items: z.array(Project), next_cursor: z.string().nullable() })
  .meta({ id: 'ProjectList' })
export type ProjectList = z.infer<typeof ProjectList>
