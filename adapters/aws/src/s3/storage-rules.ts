import type { CORSRule, LifecycleRule } from '@aws-sdk/client-s3'

/** Rules of ours begin with this; all others are somebody else's and stay. */
export const RULE_PREFIX = 'calotype-'
const PREFLIGHT_SECONDS = 600
/** A multipart upload that is not finished by then never will be. */
const ABANDONED_AFTER_DAYS = 1

/** What browsers may do: send to a signed URL with the headers it is bound to, and see what storage answered. */
export const corsRuleFor = (origins: readonly string[]): CORSRule => ({
  ID: `${RULE_PREFIX}uploads`,
  AllowedOrigins: [...origins],
  AllowedMethods: ['PUT', 'POST'],
  AllowedHeaders: ['content-type', 'if-none-match', 'x-amz-checksum-sha256'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: PREFLIGHT_SECONDS,
})

/**
 * Unfinished multipart uploads bill for ever. Objects under `uploads/` are never expired by rule: a rule knows nothing of the images
 * that need them.
 */
export const abortRule = {
  ID: `${RULE_PREFIX}abort-multipart`,
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABANDONED_AFTER_DAYS },
} satisfies LifecycleRule

const UPLOADS = 'uploads/'

/** Classes that are read like any other; out of an archive nobody gets an original in time. */
const READ_AT_ONCE: readonly (string | undefined)[] = ['STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR']

/** Whether a rule can take objects under `uploads/` away or out of reach, whoever wrote it. */
export function endangersUploads(rule: LifecycleRule): boolean {
  if (rule.Status !== 'Enabled') return false
  const archives = rule.Transitions?.some(({ StorageClass }) => !READ_AT_ONCE.includes(StorageClass)) ?? false
  const acts = rule.Expiration?.Days !== undefined || rule.Expiration?.Date !== undefined || archives
  const prefix = rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? ''
  return acts && (UPLOADS.startsWith(prefix) || prefix.startsWith(UPLOADS))
}

const sameSet = (left: readonly string[] = [], right: readonly string[] = []): boolean => {
  const texts = (list: readonly string[]) => [...new Set(list.map(text => text.toLowerCase()))].sort().join(' ')
  return texts(left) === texts(right)
}

/** The settings of a bucket that we know of. */
export type SettingsPart = 'CORS' | 'lifecycle' | 'versioning'

/** One thing that is not as uploads need it, in words. */
export interface Difference {
  part: SettingsPart
  is: string
  wanted: string
  /** Whether it is mended by writing our rules; what others wrote stays. */
  ours: boolean
}

const ours = (part: SettingsPart, is: string, wanted: string): Difference => ({ part, is, wanted, ours: true })
export const others = (part: SettingsPart, is: string, wanted: string): Difference => ({
  part,
  is,
  wanted,
  ours: false,
})

const PARTS_OF_CORS = ['AllowedOrigins', 'AllowedMethods', 'AllowedHeaders', 'ExposeHeaders'] as const

/** What a CORS rule allows differently from what it should. */
export function corsDifferences(actual: CORSRule | undefined, wanted: CORSRule): Difference[] {
  return [
    ...PARTS_OF_CORS.filter(part => !sameSet(actual?.[part], wanted[part])).map(part =>
      ours('CORS', `${part}: ${list(actual?.[part])}`, `${part}: ${list(wanted[part])}`),
    ),
    ...(actual?.MaxAgeSeconds === wanted.MaxAgeSeconds
      ? []
      : [ours('CORS', `MaxAgeSeconds: ${actual?.MaxAgeSeconds ?? 'none'}`, `MaxAgeSeconds: ${wanted.MaxAgeSeconds}`)]),
  ]
}

const list = (texts: readonly string[] | undefined): string => (texts?.length ? texts.join(', ') : 'none')

/** What is wrong with the bucket's lifecycle. */
export function lifecycleDifferences(rules: readonly LifecycleRule[]): Difference[] {
  const aborts = rules.some(
    rule =>
      rule.Status === 'Enabled' &&
      (rule.Filter?.Prefix ?? rule.Prefix ?? '') === '' &&
      !rule.Filter?.Tag &&
      !rule.Filter?.And &&
      rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation === ABANDONED_AFTER_DAYS,
  )
  return [
    ...(aborts
      ? []
      : [
          ours(
            'lifecycle',
            'unfinished multipart uploads are not aborted in time',
            `unfinished multipart uploads are aborted after ${ABANDONED_AFTER_DAYS} day`,
          ),
        ]),
    ...rules
      .filter(endangersUploads)
      .map(rule =>
        others(
          'lifecycle',
          `rule ${rule.ID ?? '(unnamed)'} expires or moves objects under ${UPLOADS}`,
          `no rule expires or moves objects under ${UPLOADS}`,
        ),
      ),
  ]
}
