import type { Image, Metadata } from '@calotype/sdk'
import { typeName } from '../uploads/check-file.ts'
import { formatBytes, formatSize, NBSP } from '../words/numbers.ts'
import { capturedTime } from '../words/times.ts'

export interface Fact {
  term: string
  value: string
  mono?: boolean
}

/** What is known about the original, in the words of the field; what is not known is left out. */
export function factsOf(image: Image): Fact[] {
  const { metadata } = image
  const type = image.content_type ?? image.declared_type
  const facts: (Fact | null)[] = [
    type === null ? null : { term: 'Type', value: `${typeName(type)}${image.animated ? ', animated' : ''}` },
    image.size_bytes === null ? null : { term: 'Size', value: formatBytes(image.size_bytes), mono: true },
    image.width === null || image.height === null
      ? null
      : { term: 'Dimensions', value: formatSize(image.width, image.height), mono: true },
    ...(metadata === null ? [] : factsOfCamera(metadata)),
    { term: 'Id', value: image.id, mono: true },
    image.sha256 === null ? null : { term: 'SHA-256', value: image.sha256, mono: true },
  ]
  return facts.filter(fact => fact !== null)
}

function factsOfCamera(metadata: Metadata): (Fact | null)[] {
  const { captured_at, gps } = metadata
  return [
    captured_at === null ? null : { term: 'Taken', value: capturedTime(captured_at) },
    fact('Camera', camera(metadata)),
    fact('Exposure', exposure(metadata)),
    metadata.flash === null ? null : { term: 'Flash', value: metadata.flash ? 'Fired' : 'Did not fire' },
    fact('Colour space', metadata.color_space),
    gps === null ? null : { term: 'Position', value: position(gps), mono: true },
  ]
}

const fact = (term: string, value: string | null): Fact | null =>
  value === null || value === '' ? null : { term, value }

/** Many makers repeat their name in the model. */
function camera({ camera_make: make, camera_model: model }: Metadata): string | null {
  if (make === null || model === null) return model ?? make
  return model.toLowerCase().startsWith(make.toLowerCase().split(' ')[0] ?? '') ? model : `${make} ${model}`
}

function exposure({ exposure_time_s, f_number, iso, focal_length_mm }: Metadata): string {
  const parts = [
    exposure_time_s === null ? null : shutter(exposure_time_s),
    f_number === null ? null : `f/${f_number}`,
    iso === null ? null : `ISO${NBSP}${iso}`,
    focal_length_mm === null ? null : `${focal_length_mm}${NBSP}mm`,
  ]
  return parts.filter(part => part !== null).join(' · ')
}

const shutter = (seconds: number): string =>
  seconds >= 0.3 || seconds <= 0 ? `${seconds}${NBSP}s` : `1/${Math.round(1 / seconds)}${NBSP}s`

function position({ latitude, longitude, altitude }: NonNullable<Metadata['gps']>): string {
  const north = `${Math.abs(latitude).toFixed(5)}°${NBSP}${latitude < 0 ? 'S' : 'N'}`
  const east = `${Math.abs(longitude).toFixed(5)}°${NBSP}${longitude < 0 ? 'W' : 'E'}`
  return `${north}, ${east}${altitude === null ? '' : `, ${Math.round(altitude)}${NBSP}m`}`
}
