import type { EngineResult } from '../pool/messages.ts'

/** A result without variants; width and height tell the test which process answered and what it was allowed. */
export const emptyResult = (pid: number, memoryLimitBytes: number): EngineResult => ({
  contentType: 'image/png',
  width: pid,
  height: memoryLimitBytes,
  animated: false,
  frames: 1,
  metadata: {
    camera_make: null,
    camera_model: null,
    captured_at: null,
    orientation: 1,
    gps: null,
    focal_length_mm: null,
    iso: null,
    exposure_time_s: null,
    f_number: null,
    flash: null,
    color_space: null,
    exif: {},
  },
  placeholder: { thumbhash: '', color: '#000000' },
  variants: [],
  perceptualHash: '0000000000000000',
  omitted: [],
  notes: [],
  steps: [],
  cpu_ms: 0,
})
