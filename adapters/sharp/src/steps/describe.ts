import { describeImage } from '../metadata/describe.ts'
import type { Described, Gated } from './context.ts'

/** Reads what the camera wrote. Never fails: metadata is a gift, not a condition. */
export const describe = async (context: Gated): Promise<Described> => {
  const { exif, orientation, colorSpace } = context.header
  return { ...context, metadata: describeImage(exif, orientation, colorSpace) }
}
