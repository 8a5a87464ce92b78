import type { BlobStore, Cdn, Clock, UploadSigner } from '@calotype/core'
import type { SettingDifference } from '../storage-settings-report.ts'
import type { Probes } from './probes.ts'
import type { Web } from './web.ts'

/** A part of this deployment, or why it has none. */
export type Maybe<T> = { part: T } | { missing: string }

/** What a database says of itself. */
export interface DatabaseFacts {
  version: string
  /** Its clock, and ours in the middle of asking. */
  now: Date
  askedAt: Date
  /** Migrations that it lacks, by name. */
  pending: readonly string[]
  tooNew: boolean
  /** Processes that run jobs at this moment. */
  workers: number
}

export interface BucketSettings {
  check(): Promise<{ differences: readonly SettingDifference[]; unsupported: readonly string[] }>
}

/** How upload URLs are made, and what a good one comes to. */
export interface UploadDoor {
  /** `at`: as if it were made at that time. */
  sign(at: Date): UploadSigner
  /** `stores`: whoever sends what was signed finds it in storage. `judges`: our own server, which takes nothing for images it does not know. */
  kind: 'stores' | 'judges'
}

/** The queue that the bucket tells of uploads. */
export interface EventQueue {
  state(): Promise<{ messages: number; deadLetters: number | null }>
  /** Removes the messages about probes and resolves with their ids. */
  takeProbes(): Promise<readonly string[]>
}

/** Probes that any process of the deployment said it was told of. */
export interface Announcements {
  heard(probeId: string): boolean
}

/** A CDN with one of its keys. */
export interface CdnDoor {
  keyId: string
  cdn: Cdn
  /** The kind of the key, after signing and verifying with it. Throws when that does not work. */
  prove(): string
}

export interface Delivery {
  /** The address before an object key. */
  base: string
  doors: readonly CdnDoor[]
}

/** Everything that checks look at. Nothing here serves anybody. */
export interface DoctorParts {
  /** The shape in a few words, without secrets. */
  shape: string
  clock: Clock
  /** The seconds that an event of the storage may take. */
  eventSeconds: number
  /** The origins of pages that upload. */
  origins: readonly string[]
  /** Aborted when whoever asked wants to know no more. */
  signal: AbortSignal
  web: Web
  probes: Probes
  database: Maybe<{ inspect(): Promise<DatabaseFacts> }>
  storage: Maybe<BlobStore>
  bucket: Maybe<BucketSettings>
  uploads: Maybe<UploadDoor>
  events: Maybe<{ queue: EventQueue; announcements: Announcements }>
  pipeline: Maybe<{ check(): Promise<void> }>
  delivery: Maybe<Delivery>
  server: Maybe<{ url: string }>
  redis: Maybe<{ check(): Promise<string> }>
  mail: Maybe<{ check(): Promise<void> }>
  engine: { versions: string; outdated: readonly string[]; isolation: string }
  /** Free bytes where DATA_DIR is. */
  disk: Maybe<{ directory: string; freeBytes(): Promise<number> }>
}
