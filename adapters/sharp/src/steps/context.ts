import type { ImageMetadata, RenderedVariant, RenderRequest, RenderResult, VariantFormat } from '@calotype/core'
import type { Pixels } from '../encoding/pixels.ts'
import type { HeicHeader } from '../heic/header.ts'

/** What the chain starts with. Each step takes the context of the step before it and adds to it. */
export interface Received {
  request: RenderRequest
  /** How many encodes may run at once: more than one only while other cores would idle. */
  lanes: number
  /** What the watchdog allows this job, in bytes. */
  memoryLimitBytes: number
  /** What it allows at most, to the one large job at a time. */
  memoryCeilingBytes: number
}

/** What the header says. Sides in pixels as displayed, orientation applied. */
export interface SourceHeader {
  contentType: string
  width: number
  height: number
  frames: number
  animated: boolean
  /** 1–8 as in EXIF. */
  orientation: number
  colorSpace: string | null
  exif: Buffer | null
  /** What the container of a HEIC told; null for every other type. */
  heic: HeicHeader | null
  /** Milliseconds that each frame is shown; empty for a still. */
  delays: readonly number[]
  /** How often an animation plays; 0 for ever. */
  loop: number
  /** What of the original no variant will show. */
  notes: readonly string[]
}

export interface Gated extends Received {
  header: SourceHeader
}

export interface Described extends Gated {
  metadata: ImageMetadata
}

export interface Decoded extends Described {
  pixels: Pixels
}

export interface Previewed extends Decoded {
  placeholder: RenderResult['placeholder']
  perceptualHash: string
}

export interface Rendered extends Previewed {
  variants: RenderedVariant[]
  omitted: { name: string; format: VariantFormat; reason: string }[]
}

/** The header asks for more memory than this job was given; the pool runs it again with more. */
export class NeedsMoreMemory extends Error {
  readonly bytes: number

  constructor(bytes: number) {
    super(`decoding may take ${bytes} bytes`)
    this.name = 'NeedsMoreMemory'
    this.bytes = bytes
  }
}
