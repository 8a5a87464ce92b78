import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { type Pixels, pipelineOf } from '../encoding/pixels.ts'
import type { HeicColor } from './header.ts'

/** Signature and IHDR of a PNG; the profile stands behind them. */
const PNG_HEAD_BYTES = 33
/** Primaries of SMPTE EG 432-1, which is Display P3 (ITU-T H.273, table 2). */
const P3_PRIMARIES = 12

let displayP3: Promise<Buffer> | undefined

/** The Display P3 profile that libvips brings. */
const displayP3Profile = async (): Promise<Buffer> => {
  const pixel = { create: { width: 1, height: 1, channels: 3 as const, background: '#fff' } }
  const { icc } = await sharp(await sharp(pixel).withIccProfile('p3').png().toBuffer()).metadata()
  if (icc === undefined) throw new Error('libvips brings no P3 profile')
  return icc
}

/** The ICC profile that the colours of a picture ask for; null where they are sRGB, or nothing that is known. */
export const profileOf = async ({ profile, primaries }: HeicColor): Promise<Buffer | null> => {
  if (profile !== null) return profile
  if (primaries !== P3_PRIMARIES) return null
  displayP3 ??= displayP3Profile()
  return displayP3
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/**
 * Raw pixels as a file that libvips takes a colour profile from, which it does not from pixels: an uncompressed PNG
 * with the profile put in (PNG 3rd edition, 11.3.2.3).
 */
export const embedProfile = async (pixels: Pixels, profile: Buffer): Promise<Buffer> => {
  const png = await pipelineOf(pixels).png({ compressionLevel: 0 }).toBuffer()
  const content = Buffer.concat([Buffer.from('picture\0\0', 'latin1'), deflateSync(profile)])
  return Buffer.concat([png.subarray(0, PNG_HEAD_BYTES), chunk('iCCP', content), png.subarray(PNG_HEAD_BYTES)])
}
