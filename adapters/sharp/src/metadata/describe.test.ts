import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawScene } from '../testing/drawings.ts'
import { cleanText } from './clean-text.ts'
import { describeImage } from './describe.ts'
import { readIccName } from './icc-name.ts'
import { readExif } from './read-exif.ts'

const exifOf = async (exif: Parameters<ReturnType<typeof sharp>['withExif']>[0]): Promise<Buffer> => {
  const file = await drawScene(8, 8).withExif(exif).jpeg().toBuffer()
  const { exif: block } = await sharp(file).metadata()
  if (block === undefined) throw new Error('the picture was drawn without EXIF')
  return block
}

/** A little-endian block of one directory with these entries: tag, type, count, value. */
const block = (entries: readonly (readonly [number, number, number, number])[], size = 0): Buffer => {
  const bytes = Buffer.alloc(Math.max(size, 14 + entries.length * 12))
  bytes.write('II*\0', 'latin1')
  bytes.writeUInt32LE(8, 4)
  bytes.writeUInt16LE(entries.length, 8)
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + index * 12
    bytes.writeUInt16LE(tag, at)
    bytes.writeUInt16LE(type, at + 2)
    bytes.writeUInt32LE(count, at + 4)
    bytes.writeUInt32LE(value, at + 8)
  }
  return bytes
}

describe('camera metadata', () => {
  it('reads what a camera writes, and keeps GPS, serial numbers and names out of the exif part', async () => {
    const exif = await exifOf({
      IFD0: { Make: 'Drawn', Model: 'By code', Artist: 'Somebody', Copyright: 'Somebody' },
      IFD2: {
        DateTimeOriginal: '2026:03:04 05:06:07',
        OffsetTimeOriginal: '+02:00',
        FNumber: '28/10',
        ExposureTime: '1/250',
        ISOSpeedRatings: '400',
        FocalLength: '35/1',
        Flash: '1',
        BodySerialNumber: '12345',
        CameraOwnerName: 'Somebody',
      },
      IFD3: {
        GPSLatitudeRef: 'S',
        GPSLatitude: '10/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '20/1 0/1 36/1',
        GPSAltitudeRef: '1',
        GPSAltitude: '50/1',
      },
    })
    const metadata = describeImage(exif, 6, 'srgb')
    expect(metadata).toMatchObject({
      camera_make: 'Drawn',
      camera_model: 'By code',
      captured_at: '2026-03-04T03:06:07.000Z',
      orientation: 6,
      f_number: 2.8,
      exposure_time_s: 0.004,
      focal_length_mm: 35,
      flash: true,
      gps: { latitude: -10.5, longitude: 20.01 },
    })
    expect(JSON.stringify(metadata.exif)).not.toMatch(/GPS|Serial|Owner|Artist|Somebody|12345/)
  })

  it('takes a position with a zero denominator as none', () => {
    const bytes = block([[0x8825, 4, 1, 40]], 120)
    bytes.writeUInt16LE(2, 40)
    for (const [index, tag] of [2, 4].entries()) {
      bytes.writeUInt16LE(tag, 42 + index * 12)
      bytes.writeUInt16LE(5, 44 + index * 12)
      bytes.writeUInt32LE(3, 46 + index * 12)
      bytes.writeUInt32LE(90, 50 + index * 12)
    }
    expect(readExif(bytes)?.gps.GPSLatitude).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(describeImage(bytes, 1, null).gps).toBeNull()
  })

  it('makes no failure of a missing, foreign or broken block', () => {
    for (const exif of [
      null,
      Buffer.alloc(0),
      Buffer.from('Exif\0\0'),
      Buffer.from('nonsense'),
      block([]).subarray(0, 9),
    ])
      expect(describeImage(exif, 1, 'srgb')).toMatchObject({ camera_make: null, gps: null, exif: {} })
  })

  it('ends at once on a block that claims thousands of millions of values', () => {
    const entries = Array.from({ length: 5_000 }, () => [0x010f, 1, 0xffffffff, 8] as const)
    const started = performance.now()
    const tags = readExif(block(entries, 65_000))
    expect(performance.now() - started).toBeLessThan(100)
    expect(tags?.image.Make).toHaveLength(16)
  })

  it('cleans text of what databases refuse', () => {
    expect(cleanText('a\u0000b\ud800')).toBe('a b\ufffd')
    expect(cleanText('\u0000 \n')).toBeNull()
    expect(cleanText('x'.repeat(10_000))).toHaveLength(256)
  })
})

it('reads the name of a colour profile', async () => {
  const { icc } = await sharp(await drawScene(8, 8).withIccProfile('p3').png().toBuffer()).metadata()
  expect(icc && readIccName(icc)).toMatch(/P3/i)
  expect(readIccName(Buffer.alloc(100, 1))).toBeNull()
})
