export { FORMAT_PROFILES, type FormatProfile } from './formats.ts'
export { workingSides } from './geometry.ts'
export { dropOpaqueAlpha, flattenOnWhite, type Pixels, pipelineOf, scaleTo, toPixels } from './pixels.ts'
export { referenceOf, scoreOf } from './score.ts'
