import { randomBytes } from 'node:crypto'
import { type Actor, defaultProjectSettings, type Project } from '../access/index.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { Image, NewImage, Variant } from '../images/index.ts'
import type { EncodingReceipt, ImageMetadata } from '../rendering/index.ts'

/** A SHA-256 that no bytes are known for. */
export const randomSha256 = (): string => randomBytes(32).toString('hex')

/** An owner of an organisation of its own, unless said otherwise. */
export const testActor = (overrides: Partial<Actor> = {}): Actor => ({
  kind: 'api_key',
  id: newId(),
  organizationId: newId(),
  role: 'owner',
  projectIds: null,
  scopes: null,
  ...overrides,
})

export const testContext = (overrides: Partial<Actor> = {}): Context => ({
  actor: testActor(overrides),
  requestId: 'test-request',
})

export const testProject = (overrides: Partial<Project> = {}): Project => ({
  id: newId(),
  organizationId: newId(),
  name: 'default',
  settings: defaultProjectSettings(),
  createdAt: new Date('2026-01-01T00:00:00.000Z'),
  ...overrides,
})

/** A pending upload that refers to no original yet, unless said otherwise. */
export const testNewImage = (projectId: string, overrides: Partial<NewImage> = {}): NewImage => ({
  id: newId(),
  projectId,
  status: 'pending_upload',
  origin: 'upload',
  fileName: 'roof.jpg',
  declaredType: 'image/jpeg',
  declaredSize: null,
  declaredSha256: null,
  sizeBytes: null,
  sha256: null,
  originalKey: null,
  uploadedBy: { kind: 'api_key', id: newId() },
  uploadedAt: null,
  uploadExpiresAt: null,
  priority: 'normal',
  analysis: { status: 'none', types: [], result: null, updatedAt: null },
  alt: null,
  reference: null,
  attributes: {},
  ...overrides,
})

/** A whole image as a store answers it. */
export const testImage = (overrides: Partial<Image> = {}): Image => {
  const at = new Date('2026-02-01T00:00:00.000Z')
  return {
    ...testNewImage(overrides.projectId ?? newId()),
    contentType: null,
    width: null,
    height: null,
    animated: null,
    metadata: null,
    placeholder: null,
    perceptualHash: null,
    notes: [],
    variants: [],
    confirmedAt: null,
    failure: null,
    attempt: 0,
    engineFailures: 0,
    lostAttempts: 0,
    history: [{ status: overrides.status ?? 'pending_upload', at, detail: null }],
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
    formerStatus: null,
    purgeAt: null,
    purgeState: null,
    ...overrides,
  }
}

export const testMetadata = (overrides: Partial<ImageMetadata> = {}): ImageMetadata => ({
  camera_make: null,
  camera_model: null,
  captured_at: null,
  orientation: 1,
  gps: null,
  focal_length_mm: null,
  iso: null,
  exposure_time_s: null,
  f_number: null,
  flash: null,
  color_space: 'srgb',
  exif: {},
  ...overrides,
})

export const TEST_ENCODING: EncodingReceipt = {
  quality: 54,
  effort: 2,
  chroma_subsampling: '4:2:0',
  score: 0.97,
  encodes: 2,
  probes: 1,
  cpu_ms: 40,
}

export const testVariant = (objectKey: string, overrides: Partial<Variant> = {}): Variant => ({
  name: 'full',
  format: 'jpeg',
  contentType: 'image/jpeg',
  width: 1200,
  height: 900,
  sizeBytes: 78_211,
  objectKey,
  encoding: TEST_ENCODING,
  ...overrides,
})
