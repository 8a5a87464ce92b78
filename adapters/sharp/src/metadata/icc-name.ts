import { cleanText } from './clean-text.ts'

/** Tag `desc`: the description of a profile (ICC.1:2022, clause 9.2.41). */
const DESCRIPTION = 0x64657363
const MULTI_LOCALIZED = 0x6d6c7563
const MOST_TAGS = 100

const readDescription = (profile: Buffer, at: number): string | null => {
  if (profile.readUInt32BE(at) === MULTI_LOCALIZED) {
    const length = profile.readUInt32BE(at + 20)
    const start = at + profile.readUInt32BE(at + 24)
    const utf16 = Buffer.from(profile.subarray(start, start + Math.min(length, 512) - (length % 2)))
    return cleanText(utf16.swap16().toString('utf16le'))
  }
  const length = profile.readUInt32BE(at + 8)
  return cleanText(profile.toString('latin1', at + 12, at + 12 + Math.min(length, 256)).split('\0', 1)[0] ?? '')
}

/** The name that an ICC profile gives itself, such as `Display P3`; null where it has none that can be read. */
export const readIccName = (profile: Buffer): string | null => {
  try {
    const count = Math.min(profile.readUInt32BE(128), MOST_TAGS)
    for (let index = 0; index < count; index++) {
      const entry = 132 + index * 12
      if (profile.readUInt32BE(entry) === DESCRIPTION) return readDescription(profile, profile.readUInt32BE(entry + 4))
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return null
}
