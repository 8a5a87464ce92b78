import { FORMAT_PROFILES } from '../encoding/formats.ts'

/** Encodes a few pixels in every format, so that the first real image meets loaded libraries. */
export const warmUp = async (): Promise<void> => {
  const pixels = { data: Buffer.alloc(32 * 32 * 3, 128), width: 32, height: 32, channels: 3 as const }
  for (const { encode, ceiling } of Object.values(FORMAT_PROFILES)) await encode(pixels, ceiling)
}
