import { z } from 'zod'

const imageJob = z.object({ projectId: z.string(), imageId: z.string(), requestId: z.string() })

/** Every job: its payload as it crosses the queue, and how often it is tried with growing pauses before it is given up. */
export const JOBS = {
  /** Makes the variants of an uploaded image. Storage may be away for a day: 20 tries reach past it. */
  'image.process': { payload: imageJob, maxAttempts: 20 },
  /** Our own storage event: bytes arrived at a signed upload URL. */
  'image.received': { payload: imageJob, maxAttempts: 20 },
  /** Fetches the bytes of an image from where its import said. Whoever answers there may be away for a day. */
  'image.import': { payload: imageJob.extend({ url: z.string() }), maxAttempts: 20 },
  /** Makes the variants of a ready image anew, as part of a run. */
  'image.remake': { payload: imageJob.extend({ runId: z.string() }), maxAttempts: 20 },
  /** Gives the next images of a run their jobs. */
  'remake.advance': {
    payload: z.object({ projectId: z.string(), runId: z.string(), requestId: z.string() }),
    maxAttempts: 1_000,
  },
  /** Removes variants that were replaced, once no signed URL leads to them any more: until it is done. */
  'remake.retire': {
    payload: imageJob.extend({
      ...{ objectKeys: z.array(z.string()), storedBytes: z.number().int(), cause: z.string() },
    }),
    maxAttempts: 1_000,
  },
  /** Removes every object of a refused image, or what a moved one left: until it is done, however long storage is away. */
  'image.purge': {
    payload: imageJob.extend({
      left: z.object({ originalKey: z.string().nullable(), objectKeys: z.array(z.string()) }).optional(),
    }),
    maxAttempts: 1_000,
  },
  /** Removes every object of deleted images, at the end of their retention: until it is done. */
  'tombstones.purge': {
    payload: z.object({ projectId: z.string(), imageIds: z.array(z.string()), requestId: z.string() }),
    maxAttempts: 1_000,
  },
  /** Takes the variants of deleted images of a public project from storage and CDN, those of attempts up to these. */
  'tombstones.withdraw': {
    payload: z.object({
      projectId: z.string(),
      images: z.array(z.object({ imageId: z.string(), attempt: z.number().int() })),
      requestId: z.string(),
    }),
    maxAttempts: 1_000,
  },
  /** Sends messages to the queue of the detection pipeline; what the queue does not take is put off by the relay itself. */
  'pipeline.relay': { payload: z.object({ requestId: z.string() }), maxAttempts: 1_000 },
  /** Brings a slot to where it belongs: pictures that are ready come into place, replaced ones go. */
  'slot.settle': {
    payload: z.object({ projectId: z.string(), slotId: z.string(), requestId: z.string() }),
    maxAttempts: 100,
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
  /** Makes the variants of a ready image anew, because storage lost some. */
  'image.mend': { payload: imageJob, maxAttempts: 20 },
  /** Compares storage and records, and repairs what differs where that was asked for. */
  'care.reconcile': {
    payload: z.object({ organizationId: z.string(), runId: z.string(), requestId: z.string() }),
    maxAttempts: 20,
  },
  /** Puts new entries of the audit log into the chains of their organisations. */
  'audit.seal': { payload: z.object({ requestId: z.string() }), maxAttempts: 1 },
  /** Tells the program's log where each chain of the audit log ends. */
  'audit.heads': { payload: z.object({ requestId: z.string() }), maxAttempts: 1 },
  /** Stale uploads, tombstones past retention, objects that belong to nothing. */
  'care.sweep': { payload: z.object({ requestId: z.string() }), maxAttempts: 1 },
} as const

export type JobName = keyof typeof JOBS
export const isJobName = (name: string): name is JobName => name in JOBS
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]['payload']>
