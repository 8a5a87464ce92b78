import type { Check } from '../check.ts'
import { bucketPrivate } from './bucket-private.ts'
import { bucketSettings } from './bucket-settings.ts'
import { clocks } from './clocks.ts'
import { configuration } from './configuration.ts'
import { cors } from './cors.ts'
import { database } from './database.ts'
import { deadLetters } from './dead-letters.ts'
import { deliveryKeys, deliveryOriginals, deliveryPublic, deliverySigned, deliveryUnsigned } from './delivery.ts'
import { detectionQueue } from './detection-queue.ts'
import { diskSpace } from './disk-space.ts'
import { imageEngine } from './image-engine.ts'
import { mail } from './mail.ts'
import { redis } from './redis.ts'
import { schema } from './schema.ts'
import { server } from './server.ts'
import { storage } from './storage.ts'
import { storageEvents } from './storage-events.ts'
import { uploadUrls } from './upload-urls.ts'

/** Every check, in the order in which a deployment is put together; those that upload come before the one that waits for events. */
export const CHECKS: readonly Check[] = [
  ...[configuration, database, schema, storage, server, clocks],
  ...[bucketPrivate, bucketSettings, cors, uploadUrls],
  ...[deliveryKeys, deliverySigned, deliveryUnsigned, deliveryPublic, deliveryOriginals],
  ...[storageEvents, deadLetters, detectionQueue],
  ...[imageEngine, redis, mail, diskSpace],
]
