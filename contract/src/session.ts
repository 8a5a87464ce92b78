import { z } from 'zod'
import { Action } from './api-keys.ts'
import { Organization, Role } from './organizations.ts'
import { Project } from './projects.ts'
import { Id } from './scalars.ts'

export const SessionRequest = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'SessionRequest' })

/** Which of their organisations a signed-in person works in from now on. */
export const SessionOrganization = z.object({ organization_id: Id }).meta({ id: 'SessionOrganization' })

/** What a page needs to know before anybody signed in. */
export const AccessInfo = z
  .object({
    mode: z.enum(['accounts', 'open']),
    registration: z.enum(['open', 'closed']).meta({ description: 'Closed: only with an invitation.' }),
  })
  .meta({ id: 'AccessInfo' })
export type AccessInfo = z.infer<typeof AccessInfo>

export const Me = z
  .object({
    kind: z.enum(['user', 'api_key', 'service']),
    id: z.string(),
    organization_id: Id,
    role: Role,
    user: z
      .object({ id: Id, name: z.string(), email: z.string() })
      .nullable()
      .meta({ description: 'The account; null for keys and for the one-time link of the first start.' }),
    organization: Organization,
    actions: z.array(Action).meta({ description: 'What this credential may do.' }),
    default_project: Project.nullable(),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>
