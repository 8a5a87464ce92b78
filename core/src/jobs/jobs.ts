import { z } from 'zod'

const imageJob = z.object({ projectId: z.string(), imageId: z.string(), requestId: z.string() })

/** Every job: its payload as it crosses the queue, and how often it is tried with growing pauses before it is given up. */
export const JOBS = {
  /** Makes the variants of an uploaded image. Storage may be away for a day: 20 tries reach past it. */
  'image.process': { payload: imageJob, maxAttempts: 20 },
  /** Our own storage event: bytes arrived at a signed upload URL. */
  'image.received': { payload: imageJob, maxAttempts: 20 },
  /** Removes every object of a deleted image, or what a moved one left: until it is done, however long storage is away. */
  'image.purge': {
    payload: imageJob.extend({
      left: z.object({ originalKey: z.string().nullable(), objectKeys: z.array(z.string()) }).optional(),
    }),
    maxAttempts: 1_000,
  },
  /** One mail, sealed, until a mail server took it or its link has expired. */
  'mail.send': {
    payload: z.object({ requestId: z.string(), mailId: z.string(), expiresAt: z.iso.datetime(), sealed: z.string() }),
    maxAttempts: 30,
  },
  /** Removes what a deleted project held, and the project: until it is done, however long storage is away. */
  'project.remove': { payload: z.object({ projectId: z.string(), requestId: z.string() }), maxAttempts: 1_000 },
  /** The same for a deleted organisation and all of its projects. */
  'organization.remove': {
    payload: z.object({ organizationId: z.string(), requestId: z.string() }),
    maxAttempts: 1_000,
  },
  /** Stale uploads, tombstones past retention, objects that belong to nothing. */
  'care.sweep': { payload: z.object({ requestId: z.string() }), maxAttempts: 1 },
} as const

export type JobName = keyof typeof JOBS
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>
