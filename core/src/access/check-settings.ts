import { SOURCE_TYPES, type VariantSpec } from '../rendering/index.ts'
import { invalidSetting } from './errors.ts'
import { MAX_PROJECT_PIXELS, MAX_PROJECT_SIDE, MAX_RETENTION_DAYS } from './limits.ts'
import type { ProjectSettings } from './project.ts'

/** Names that mean something else wherever a variant is named. */
const RESERVED_NAMES: readonly string[] = ['original']

/** The settings of a project as callers set them; what is not named stays as it is. */
export type SettingsChange = Partial<Omit<ProjectSettings, 'limits'>> & {
  allowedTypes?: readonly string[]
  maxSide?: number
  maxPixels?: number
}

/** The settings after a change. Rejects with `invalid_request`, its reason the field that cannot be. */
export function applySettings(
  current: ProjectSettings,
  change: SettingsChange,
  installation: { maxUploadBytes: number },
): ProjectSettings {
  const { allowedTypes, maxSide, maxPixels, ...rest } = change
  const limits = {
    ...current.limits,
    ...(allowedTypes ? { allowedTypes: [...new Set(allowedTypes)] } : {}),
    ...(maxSide === undefined ? {} : { maxSide }),
    ...(maxPixels === undefined ? {} : { maxPixels }),
  }
  const settings = { ...current, ...rest, limits }
  if (allowedTypes) checkTypes(allowedTypes)
  checkUpTo('max_side', limits.maxSide, MAX_PROJECT_SIDE)
  checkUpTo('max_pixels', limits.maxPixels, MAX_PROJECT_PIXELS)
  checkUpTo('retention_days', settings.retentionDays, MAX_RETENTION_DAYS)
  // A limit of the installation that was lowered later does not stand in the way of other changes.
  if (rest.maxBytes !== undefined) checkUpTo('max_bytes', rest.maxBytes, installation.maxUploadBytes)
  if (settings.minBytes > settings.maxBytes)
    throw invalidSetting('min_bytes', 'is above max_bytes', { limit: settings.maxBytes, actual: settings.minBytes })
  if (rest.variants) checkVariants(rest.variants)
  return settings
}

function checkUpTo(field: string, actual: number, limit: number): void {
  if (actual > limit) throw invalidSetting(field, `is ${actual}; at most ${limit} is possible`, { limit, actual })
}

function checkTypes(types: readonly string[]): void {
  const known: readonly string[] = SOURCE_TYPES
  const unknown = types.find(type => !known.includes(type))
  if (unknown !== undefined)
    throw invalidSetting('allowed_types', 'names a type that cannot be taken in', { actual: unknown, allowed: known })
  if (types.length === 0) throw invalidSetting('allowed_types', 'is empty', { allowed: known })
}

function checkVariants(variants: readonly VariantSpec[]): void {
  const names = variants.map(variant => variant.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw invalidSetting('variants', 'has a name twice', { actual: twice })
  const reserved = names.find(name => RESERVED_NAMES.includes(name))
  if (reserved !== undefined) throw invalidSetting('variants', 'uses a reserved name', { actual: reserved })
  if (!names.includes('full')) throw invalidSetting('variants', 'has none named full')
  const without = variants.find(variant => !variant.formats.includes('jpeg'))
  if (without) throw invalidSetting('variants', 'has one without jpeg', { actual: without.name })
  const repeated = variants.find(({ formats }) => new Set(formats).size < formats.length)
  if (repeated) throw invalidSetting('variants', 'names a format twice', { actual: repeated.name })
}
