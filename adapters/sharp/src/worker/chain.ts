import type { EngineResult } from '../pool/messages.ts'
import type { Received } from '../steps/context.ts'
import { decode } from '../steps/decode.ts'
import { describe } from '../steps/describe.ts'
import { gate } from '../steps/gate.ts'
import { preview } from '../steps/preview.ts'
import { renderAnimation } from '../steps/render-animation.ts'
import { renderVariants } from '../steps/render-variants.ts'
import { createStepTimes } from './step-times.ts'

/** What an image goes through, in order. @throws DomainError as a verdict on the file, NeedsMoreMemory from the gate */
export const renderImage = async (received: Received): Promise<EngineResult> => {
  const before = process.cpuUsage()
  const { steps, timed } = createStepTimes()
  const gated = await timed('gate', gate, received)
  const described = await timed('metadata', describe, gated)
  const decoded = await timed('decode', decode, described)
  const previewed = await timed('preview', preview, decoded)
  const render = previewed.header.animated ? renderAnimation : renderVariants
  const { header, metadata, placeholder, perceptualHash, variants, omitted } = await timed(
    'variants',
    render,
    previewed,
  )
  const { user, system } = process.cpuUsage(before)
  const { contentType, width, height, animated, frames, notes } = header
  const cpu_ms = Math.round((user + system) / 1000)
  const found = { contentType, width, height, animated, frames, metadata, placeholder, perceptualHash }
  return { ...found, variants, omitted, notes: [...notes], steps, cpu_ms }
}
