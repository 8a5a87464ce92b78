import sharp, { type Sharp } from 'sharp'

export interface Drawing {
  /** Another seed is another picture, so that deduplication does not take two for one. */
  seed: number
  width?: number
  height?: number
  /** 0 is smooth, 1 is nothing but grain. */
  grain?: number
}

/** Small numbers that look random and are the same every time (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Raw RGB of something like a photo: slow waves of colour under some grain. */
export function drawPixels({ seed, width = 240, height = 160, grain = 0.1 }: Drawing): Buffer {
  const random = createRandom(seed)
  const waves = [0, 1, 2].map(() => ({ x: random() * 6 + 1, y: random() * 6 + 1, phase: random() * 6 }))
  const pixels = Buffer.allocUnsafe(width * height * 3)
  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const wave of waves) {
        const smooth = Math.sin((x / width) * wave.x + (y / height) * wave.y + wave.phase) * (1 - grain)
        pixels[at++] = Math.round(127.5 + 127 * (smooth + (random() * 2 - 1) * grain))
      }
    }
  }
  return pixels
}

/** The drawing on its way into a file of some format. */
export function draw(drawing: Drawing): Sharp {
  const { width = 240, height = 160 } = drawing
  return sharp(drawPixels(drawing), { raw: { width, height, channels: 3 } })
}

export const drawJpeg = (drawing: Drawing, quality = 85): Promise<Buffer> => draw(drawing).jpeg({ quality }).toBuffer()

let lastSeed = Math.floor(Math.random() * 2 ** 30)

/** A seed that nobody has used in this run, nor (most likely) in any before against the same deployment. */
export const freshSeed = (): number => ++lastSeed

/** A photo that no server has seen. */
export const freshJpeg = (drawing: Omit<Drawing, 'seed'> = {}): Promise<Buffer> =>
  drawJpeg({ ...drawing, seed: freshSeed() })
