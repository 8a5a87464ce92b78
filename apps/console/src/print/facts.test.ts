import type { Image, Metadata } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { factsOf } from './facts.ts'

const unknown: Metadata = {
  camera_make: null,
  camera_model: null,
  captured_at: null,
  orientation: null,
  gps: null,
  focal_length_mm: null,
  iso: null,
  exposure_time_s: null,
  f_number: null,
  flash: null,
  color_space: null,
  exif: {},
}

/** Only what the facts are read from. */
const image = (metadata: Metadata | null) =>
  ({
    id: 'A',
    content_type: null,
    declared_type: 'image/heic',
    size_bytes: null,
    sha256: null,
    width: null,
    metadata,
  }) as Image

const told = (metadata: Partial<Metadata>) =>
  Object.fromEntries(
    factsOf(image({ ...unknown, ...metadata })).map(({ term, value }) => [term, value.replaceAll('\u00a0', ' ')]),
  )

test('what is not known is left out', () => {
  expect(told({})).toEqual({ Type: 'HEIC', Id: 'A' })
  expect(factsOf(image(null)).map(({ term }) => term)).toEqual(['Type', 'Id'])
})

test('a camera is named once', () => {
  expect(told({ camera_make: 'Canon', camera_model: 'Canon EOS 1000D' }).Camera).toBe('Canon EOS 1000D')
  expect(told({ camera_make: 'NIKON CORPORATION', camera_model: 'NIKON D3100' }).Camera).toBe('NIKON D3100')
  expect(told({ camera_make: 'Apple', camera_model: 'iPhone 5' }).Camera).toBe('Apple iPhone 5')
})

test('exposure is written as photographers write it', () => {
  const exposure = { exposure_time_s: 0.004, f_number: 5.6, iso: 200, focal_length_mm: 35 }
  expect(told(exposure).Exposure).toBe('1/250 s · f/5.6 · ISO 200 · 35 mm')
  expect(told({ exposure_time_s: 2 }).Exposure).toBe('2 s')
})

test('a position has a hemisphere instead of a sign', () => {
  expect(told({ gps: { latitude: -33.5, longitude: 18.25, altitude: 12.4 } }).Position).toBe(
    '33.50000° S, 18.25000° E, 12 m',
  )
})
