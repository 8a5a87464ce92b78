import sharp, { type Metadata } from 'sharp'
import { isAnimatedPng } from '../gate/apng.ts'
import type { DecodingShape } from '../gate/memory-estimate.ts'
import { readHeicHeader } from '../heic/header.ts'
import { readIccName } from '../metadata/icc-name.ts'
import type { SourceHeader } from './context.ts'
import { asCorrupt } from './decoder-error.ts'

/** What a header tells: of the picture, and of what decoding it will take. */
export interface HeaderFacts {
  header: SourceHeader
  shape: DecodingShape
}

/** Types whose frames follow each other in time; the pages of an AVIF are pictures of their own. */
const ANIMATED_TYPES = new Set(['image/gif', 'image/webp'])
/** What browsers make of a frame that is shown for no time (and a file that says nothing). */
const USUAL_DELAY_MS = 100

const readMetadata = async (source: string): Promise<Metadata> => {
  try {
    return await sharp(source, { limitInputPixels: false }).metadata()
  } catch (error) {
    throw asCorrupt(error, source)
  }
}

const orientationOf = ({ orientation = 1 }: Metadata): number =>
  Number.isInteger(orientation) && orientation >= 1 && orientation <= 8 ? orientation : 1

const colorSpaceOf = ({ icc, space }: Metadata): string | null =>
  (icc === undefined ? null : readIccName(icc)) ?? space ?? null

const delaysOf = ({ delay = [] }: Metadata, frames: number): number[] =>
  frames > 1 ? Array.from({ length: frames }, (_, frame) => delay[frame] || USUAL_DELAY_MS) : []

/** What moves and will be shown as a still (an APNG, or frames that EXIF turns). */
const notesOf = (source: string, contentType: string, lostFrames: boolean): string[] =>
  lostFrames || (contentType === 'image/png' && isAnimatedPng(source))
    ? ['The animation is not kept: the variants show one still picture of it.']
    : []

const readLibvipsHeader = async (source: string, contentType: string): Promise<HeaderFacts> => {
  const found = await readMetadata(source)
  const frames = ANIMATED_TYPES.has(contentType) ? (found.pages ?? 1) : 1
  // Frames are not turned: the rare one that is turned by EXIF is shown as a still.
  const animated = frames > 1 && orientationOf(found) === 1
  return {
    header: {
      contentType: found.compression === 'hevc' ? 'image/heic' : contentType,
      width: found.autoOrient.width,
      height: found.autoOrient.height,
      frames,
      animated,
      orientation: orientationOf(found),
      colorSpace: colorSpaceOf(found),
      exif: found.exif ?? null,
      heic: null,
      delays: delaysOf(found, frames),
      loop: found.loop ?? 0,
      notes: notesOf(source, contentType, frames > 1 && !animated),
    },
    shape: {
      contentType,
      width: found.width,
      height: found.height,
      channels: found.channels,
      bitsPerSample: found.bitsPerSample ?? (found.depth === 'uchar' ? 8 : 16),
      progressive: found.isProgressive === true,
      subsampled: found.chromaSubsampling === '4:2:0',
      frames,
    },
  }
}

const readHeic = async (source: string): Promise<HeaderFacts> => {
  const heic = await readHeicHeader(source)
  const { width, height, displayed, codedPixels, channels, bitsPerSample, color, exif } = heic
  const still = { frames: 1, animated: false, delays: [], loop: 0, notes: [] }
  const colorSpace = (color.profile === null ? null : readIccName(color.profile)) ?? 'srgb'
  return {
    header: { contentType: 'image/heic', ...displayed, ...still, colorSpace, exif, heic },
    shape: {
      contentType: 'image/heic',
      width,
      height,
      channels,
      bitsPerSample,
      progressive: false,
      subsampled: true,
      frames: Math.max(1, codedPixels / Math.max(1, width * height)),
    },
  }
}

/** Reads the header with what is safe for its type. @throws corrupt_image */
export const readHeader = (source: string, contentType: string): Promise<HeaderFacts> =>
  contentType === 'image/heic' ? readHeic(source) : readLibvipsHeader(source, contentType)
