import { createInFlight, createMemoryRateLimiter, NO_TELEMETRY, systemClock } from '@calotype/core'
import {
  createFakeCdn,
  createFakeInvalidator,
  createFakeRemoteFiles,
  createFakeUploadSigner,
  createMemoryBlobStore,
  createMemoryDatabase,
  createTemporaryWorkspace,
} from '@calotype/core/testing'
import { buildApp } from '@calotype/server/build-app'
import { createLogger } from '@calotype/server/logger'

const PUBLIC_URL = 'http://127.0.0.1:3000'

const unused = (): never => {
  throw new Error('Only the document is asked for')
}

const part = { check: async () => {}, vital: true }

/** The OpenAPI document of the real routes, on parts that hold nothing. */
export async function openApiDocument(): Promise<unknown> {
  const database = createMemoryDatabase(systemClock)
  const deps = {
    database,
    feed: database.feed,
    blobs: createMemoryBlobStore(),
    uploads: createFakeUploadSigner(),
    directUploads: { ...createFakeUploadSigner(), verify: unused, verifyForm: unused },
    cdn: createFakeCdn(),
    invalidator: createFakeInvalidator(),
    delivery: null,
    cdnOrigin: null,
    workspace: createTemporaryWorkspace(),
    meter: { count: () => {} },
    accounts: { findSession: async () => null, handle: unused },
    signIns: { note: unused },
    mailer: { send: unused },
    mailSeal: { seal: unused, open: unused },
    webhookSeal: { seal: unused, open: unused },
    remoteFiles: createFakeRemoteFiles(),
    webhookSender: { refusalOf: unused, send: unused },
    wakeWebhooks: () => {},
    publisher: null,
    access: { mode: 'accounts' as const, registration: 'open' as const, trustedHosts: [] },
    credentialCache: { find: unused, forget: unused },
    clock: systemClock,
    publicUrl: PUBLIC_URL,
    corsOrigins: [],
    uploadUrlSeconds: 900,
    signedUrlSeconds: 600,
    trustedProxies: [],
    security: { record: () => {} },
    shareViews: { note: () => {}, close: async () => {} },
    maxUploadBytes: 1,
    maxUploadsInFlight: 1,
    inFlight: createInFlight(),
    rateLimiter: createMemoryRateLimiter({ clock: systemClock }),
    sharedCache: null,
    uploadUrlsPerMinute: 1,
    metadataCacheBytes: 0,
    deliveryCacheBytes: 0,
    orphanGraceMs: 1,
    streamRecheckMs: 1_000,
    stopping: new AbortController().signal,
    telemetry: NO_TELEMETRY,
    exposition: null,
    health: { database: part, storage: part, events: part },
  }
  const logger = createLogger({ logLevel: 'silent', logFormat: 'json' })
  const app = await buildApp(deps, { logger, consoleDirectory: new URL('.', import.meta.url).pathname })
  const answer = await app.inject({ method: 'GET', url: '/openapi.json' })
  await app.close()
  return answer.json()
}
