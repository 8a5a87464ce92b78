import fc from 'fast-check'

const HUGE = 70_000

/** Texts that programs trip over. */
export const JUNK_TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udfff',
    '\u202e',
    '\ufeff',
    '\r\n',
    'a\r\nx-evil: 1',
    '\u007f',
    '\u0085',
  ],
  ...[
    '..',
    '../../../etc/passwd',
    '..\\..',
    '/',
    '%00',
    '%2e%2e%2f',
    '%',
    '%zz',
    '"',
    "'",
    '\\',
    '`',
    '$(id)',
    '{{7*7}}',
  ],
  ...["' or 1=1 --", '%_\\', '<script>', 'null', 'undefined', 'NaN', 'Infinity', 'true', '__proto__', 'constructor'],
  ...[
    '-1',
    '0',
    '1e999',
    '0x10',
    '99999999999999999999999',
    '1.5',
    '٣',
    '2026-02-30T00:00:00Z',
    '-000001-01-01T00:00:00Z',
  ],
  ...[
    '01K9Z5J8Q3T7W2X4Y6A8B0C2D',
    '01K9Z5J8Q3T7W2X4Y6A8B0C2D4X',
    '01k9z5j8q3t7w2x4y6a8b0c2d4',
    '81K9Z5J8Q3T7W2X4Y6A8B0C2D4',
  ],
  ...[
    'image/*',
    'image/jpeg;text/html',
    'IMAGE/JPEG',
    '🙂'.repeat(300),
    'x'.repeat(256),
    'x'.repeat(HUGE),
    'é'.repeat(9_000),
  ],
]

/** Any 16-bit units, halves of pairs included. */
const utf16 = fc.array(fc.nat(0xffff), { maxLength: 40 }).map(units => String.fromCharCode(...units))

export const junkText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...JUNK_TEXTS) },
  { weight: 1, arbitrary: utf16 },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
)

const DEEPEST = 800

function nest(depth: number, kind: 'array' | 'object'): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = kind === 'array' ? [value] : { a: value }
  return value
}

const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1e308, Number.MIN_VALUE]

/** Values of any JSON shape. */
export const junkValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: junkText },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], ...NUMBERS) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: DEEPEST }), fc.constantFrom('array', 'object'))
      .map(args => nest(...args)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 5_000 }).map(length => Array.from({ length }, () => 'x')) },
)

const JUNK_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  '\u0000',
  'x'.repeat(5_000),
  'id',
  '$where',
  '🙂',
]
export const junkName: fc.Arbitrary<string> = fc.constantFrom(...JUNK_NAMES)
