import type { EngineResult } from '../pool/messages.ts'
import type { Received } from '../steps/context.ts'
import { decode } from '../steps/decode.ts'
import { describe } from '../steps/describe.ts'
import { gate } from '../steps/gate.ts'
import { preview } from '../steps/preview.ts'
import { renderAnimation } from '../steps/render-animation.ts'
import { renderVariants } from '../steps/render-variants.ts'

/** What an image goes through, in order. @throws DomainError as a verdict on the file, NeedsMoreMemory from the gate */
export const renderImage = async (received: Received): Promise<EngineResult> => {
  const before = process.cpuUsage()
  const gated = await gate(received)
  const described = await describe(gated)
  const decoded = await decode(described)
  const previewed = await preview(decoded)
  const { header, metadata, placeholder, perceptualHash, variants, omitted } = await (previewed.header.animated
    ? renderAnimation(previewed)
    : renderVariants(previewed))
  const { user, system } = process.cpuUsage(before)
  const { contentType, width, height, animated, frames, notes } = header
  const cpu_ms = Math.round((user + system) / 1000)
  const found = { contentType, width, height, animated, frames, metadata, placeholder, perceptualHash }
  return { ...found, variants, omitted, notes: [...notes], cpu_ms }
}
