export { describeLibraries } from './libraries.ts'
export { findIsolation } from './pool/isolation.ts'
export type { EngineLogEntry } from './pool/log-entry.ts'
export { createSharpImageProcessor, type SharpImageProcessorConfig } from './sharp-image-processor.ts'
