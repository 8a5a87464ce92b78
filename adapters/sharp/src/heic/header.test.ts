import { open } from 'node:fs/promises'
import { DomainError } from '@calotype/core'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { drawScene, requestFor } from '../testing/drawings.ts'
import {
  alphaType,
  box,
  colrNumbers,
  colrProfile,
  type DrawnItem,
  drawHeif,
  gridData,
  imir,
  irot,
  ispe,
  pixi,
} from '../testing/heif-container.ts'
import { readContainer } from './container.ts'
import { type HeicHeader, readHeicHeader } from './header.ts'
import { applyTransformations } from './transformations.ts'

const picture = (...properties: Buffer[]): DrawnItem => ({ type: 'hvc1', properties, data: Buffer.alloc(100, 1) })
const read = async (file: Buffer): Promise<HeicHeader> => readHeicHeader((await requestFor(file)).source)
const readItems = (...items: DrawnItem[]): Promise<HeicHeader> => read(drawHeif(items))
const refusal = (file: Buffer): Promise<unknown> =>
  read(file).then(
    () => 'accepted',
    ({ code, message, details }) => `${code}: ${details?.reason ?? message}`,
  )

const tiles = (count: number): DrawnItem[] => Array.from({ length: count }, () => picture(ispe(512, 512)))
const grid = (to: readonly number[], ...properties: Buffer[]): DrawnItem => ({
  type: 'grid',
  properties: [ispe(1000, 900), ...properties],
  data: gridData(2, 2, 1000, 900),
  references: [{ type: 'dimg', to }],
})

describe('the header of a HEIC', () => {
  it('tells size, depth, profile and transparency', async () => {
    const profile = Buffer.from('a profile')
    const alpha: DrawnItem = {
      ...picture(ispe(640, 480), alphaType()),
      references: [{ type: 'auxl', to: [1] }],
    }
    expect(await readItems(picture(ispe(640, 480), pixi(10), colrProfile(profile)), alpha)).toMatchObject({
      width: 640,
      height: 480,
      displayed: { width: 640, height: 480, orientation: 1 },
      codedPixels: 2 * 640 * 480,
      bitsPerSample: 10,
      channels: 4,
      color: { profile, primaries: null },
      exif: null,
    })
    expect(await readItems(picture(ispe(640, 480), colrNumbers(12)))).toMatchObject({
      bitsPerSample: 8,
      channels: 3,
      color: { profile: null, primaries: 12 },
    })
  })

  it('counts the tiles of a grid, and takes from them what the whole does not say', async () => {
    const [first = picture(), ...others] = tiles(4)
    const coloured = { ...first, properties: [...first.properties, colrNumbers(12)] }
    expect(await readItems(grid([2, 3, 4, 5]), coloured, ...others)).toMatchObject({
      width: 1000,
      height: 900,
      codedPixels: 4 * 512 * 512,
      color: { primaries: 12 },
    })
  })

  it('finds the camera data', async () => {
    const exif: DrawnItem = {
      type: 'Exif',
      properties: [],
      data: Buffer.from('\0\0\0\x06Exif\0\0MM\0*'),
      references: [{ type: 'cdsc', to: [1] }],
    }
    expect((await readItems(picture(ispe(8, 8)), exif)).exif?.toString('latin1')).toBe('MM\0*')
  })

  it('is refused where it lies or is not whole', async () => {
    const whole = drawHeif([picture(ispe(64, 64))])
    expect(await refusal(whole)).toBe('accepted')
    expect(await refusal(whole.subarray(0, -1))).toMatch(/corrupt_image: .*truncated/)
    expect(await refusal(drawHeif([grid([2, 3, 4]), ...tiles(3)]))).toMatch(/lacks tiles/)
    expect(await refusal(drawHeif([{ ...grid([2, 3, 4, 5]), properties: [ispe(64, 64)] }, ...tiles(4)]))).toMatch(
      /size/,
    )
    expect(await refusal(drawHeif([{ ...picture(ispe(8, 8)), type: 'av01' }]))).toMatch(/kind av01/)
    expect(await refusal(drawHeif([picture()]))).toMatch(/no size/)
    expect(await refusal(box('ftyp', Buffer.from('heic')))).toMatch(/no tables/)
  })

  it('ends in a verdict whatever is written over it', async () => {
    const original = drawHeif([grid([2, 3, 4, 5], irot(1), colrNumbers(12)), ...tiles(4)])
    const change = fc.record({ at: fc.nat(original.length - 1), value: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(200), async (changes, cut) => {
        const file = Buffer.from(original)
        for (const { at, value } of changes) file[at] = value
        const error = await read(file.subarray(0, file.length - cut)).catch((thrown: unknown) => thrown)
        if (error instanceof Error) expect(error).toBeInstanceOf(DomainError)
      }),
      { numRuns: 150, seed: 1 },
    )
  })
})

it('reads turns and mirrors, alone and together', async () => {
  const orientations = new Set<number>()
  for (const turns of [0, 1, 2, 3])
    for (const axis of [null, 0, 1]) {
      const properties = [ispe(60, 40), irot(turns), ...(axis === null ? [] : [imir(axis)])]
      const { displayed } = await readItems(picture(...properties))
      orientations.add(displayed.orientation)
      expect([displayed.width, displayed.height]).toEqual(turns % 2 === 1 ? [40, 60] : [60, 40])
    }
  expect([...orientations].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await readItems(picture(ispe(60, 40), irot(3)))).toMatchObject({ displayed: { orientation: 6 } })
  expect(await readItems(picture(ispe(60, 40), irot(1)))).toMatchObject({ displayed: { orientation: 8 } })
  expect(await readItems(picture(ispe(60, 40), imir(1)))).toMatchObject({ displayed: { orientation: 2 } })
})

it('understands turns and mirrors as libheif writes them', async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const avif = await drawScene(60, 40).withMetadata({ orientation }).avif({ effort: 0 }).toBuffer()
    const file = await open((await requestFor(avif)).source)
    onTestFinished(() => file.close())
    const container = await readContainer(file, avif.length)
    const properties = container.propertiesOf(container.primary)
    expect(applyTransformations(properties, { width: 60, height: 40 }).orientation).toBe(orientation)
  }
})
