import type { Project, ProjectChange, VariantFormat, VariantSettings } from '@calotype/sdk'

/** The settings as they stand in the form: numbers are text until they are saved, sizes in units of people. */
export interface ProjectDraft {
  name: string
  allowedTypes: readonly string[]
  minBytes: string
  maxMegabytes: string
  maxSide: string
  maxMegapixels: string
  variants: readonly VariantDraft[]
  visibility: Project['visibility']
  retentionDays: string
  /** Separated by commas or spaces. */
  detectionTypes: string
}

export interface VariantDraft {
  /** Its own, because names change while one types. */
  key: string
  name: string
  width: string
  height: string
  fit: VariantSettings['fit']
  formats: readonly VariantFormat[]
  /** Empty: not bound. */
  maxKilobytes: string
}

const MEGA = 1_000_000
const KILO = 1_000
const inUnits = (value: number, unit: number): string => String(value / unit)
/** Not a number becomes NaN, which no field accepts. */
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')))

export const draftOf = (project: Project): ProjectDraft => ({
  name: project.name,
  allowedTypes: project.allowed_types,
  minBytes: String(project.min_bytes),
  maxMegabytes: inUnits(project.max_bytes, MEGA),
  maxSide: String(project.max_side),
  maxMegapixels: inUnits(project.max_pixels, MEGA),
  variants: project.variants.map((variant, index) => draftOfVariant(variant, `variant-${index}`)),
  visibility: project.visibility,
  retentionDays: String(project.retention_days),
  detectionTypes: project.detection_types.join(', '),
})

const draftOfVariant = ({ max_bytes, width, height, ...rest }: VariantSettings, key: string): VariantDraft => ({
  ...rest,
  key,
  width: String(width),
  height: String(height),
  maxKilobytes: max_bytes === null ? '' : inUnits(max_bytes, KILO),
})

/** A new row of the table; its name is to be chosen. */
export const newVariant = (key: string): VariantDraft => ({
  key,
  name: '',
  width: '600',
  height: '600',
  fit: 'inside',
  formats: ['avif', 'webp', 'jpeg'],
  maxKilobytes: '',
})

function settingsOf(draft: ProjectDraft) {
  return {
    name: draft.name.trim(),
    allowed_types: [...draft.allowedTypes],
    min_bytes: numberOf(draft.minBytes),
    max_bytes: Math.round(numberOf(draft.maxMegabytes) * MEGA),
    max_side: numberOf(draft.maxSide),
    max_pixels: Math.round(numberOf(draft.maxMegapixels) * MEGA),
    variants: draft.variants.map(
      ({ name, width, height, fit, formats, maxKilobytes }): VariantSettings => ({
        name: name.trim(),
        width: numberOf(width),
        height: numberOf(height),
        fit,
        formats: [...formats],
        max_bytes: maxKilobytes.trim() === '' ? null : Math.round(numberOf(maxKilobytes) * KILO),
      }),
    ),
    visibility: draft.visibility,
    retention_days: numberOf(draft.retentionDays),
    detection_types: draft.detectionTypes.split(/[\s,]+/).filter(type => type !== ''),
  }
}

/** Only what differs is sent, so that two people can change different things at the same time. */
export function changeOf(project: Project, draft: ProjectDraft): ProjectChange {
  const before = settingsOf(draftOf(project))
  const changed = Object.entries(settingsOf(draft)).filter(
    ([field, value]) =>
      JSON.stringify(value) !== JSON.stringify(new Map<string, unknown>(Object.entries(before)).get(field)),
  )
  return Object.fromEntries(changed)
}

const NAME = /^[a-z][a-z0-9_-]{0,63}$/

/** What is plainly wrong is said before anything is sent, by the same paths that the server names. */
export function problemsOf(draft: ProjectDraft): Map<string, string> {
  const problems = new Map<string, string>()
  const settings = settingsOf(draft)
  const whole = 'Enter a whole number above zero.'
  const check = (path: string, good: boolean, words: string) => good || problems.set(path, words)
  check('name', settings.name !== '', 'A project needs a name.')
  check('allowed_types', settings.allowed_types.length > 0, 'Choose at least one.')
  check('min_bytes', isCount(settings.min_bytes), whole)
  check('max_bytes', isCount(settings.max_bytes), 'Enter a size above zero.')
  check('max_side', isCount(settings.max_side), whole)
  check('max_pixels', isCount(settings.max_pixels), 'Enter a number above zero.')
  check(
    'retention_days',
    settings.retention_days === 0 || isCount(settings.retention_days),
    'Enter a whole number of days.',
  )
  for (const [index, variant] of settings.variants.entries()) {
    const at = `variants.${index}`
    const isTwice = settings.variants.some(({ name }, other) => other < index && name === variant.name)
    check(`${at}.name`, NAME.test(variant.name), 'Small letters, digits, - and _; a letter first.')
    if (isTwice) problems.set(`${at}.name`, 'There is one of this name already.')
    check(`${at}.width`, isCount(variant.width), whole)
    check(`${at}.height`, isCount(variant.height), whole)
    check(`${at}.formats`, variant.formats.length > 0, 'Choose at least one.')
    check(`${at}.max_bytes`, variant.max_bytes === null || isCount(variant.max_bytes), 'Enter a size, or nothing.')
  }
  return problems
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0
