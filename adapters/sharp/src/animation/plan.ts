/** What a sample of an animation says of the whole. */
export interface AnimationEstimate {
  frames: number
  /** Bytes of the whole at full size with every frame, at the highest and at the lowest quality. */
  bytesAtCeiling: number
  bytesAtFloor: number
  /** Time that encoding the whole takes, in milliseconds. */
  encodeMs: number
}

/** How an animation is made smaller. */
export interface AnimationPlan {
  quality: number
  /** Factor for the sides. */
  scale: number
  /** Every so many-th frame is kept. */
  stride: number
}

export const ANIMATION_CEILING = 75
export const ANIMATION_FLOOR = 35

const SCALES = [1, 0.92, 0.84, 0.77, 0.71, 0.65, 0.59, 0.55, 0.5]
const STRIDES = [1, 2, 4, 8]
/** How bytes follow the sides, and how little less the rest weighs when frames go: those left differ more. */
const SIDE_EXPONENT = 1.7
const FRAME_EXPONENT = 0.8

const logBytesAt = ({ bytesAtCeiling, bytesAtFloor }: AnimationEstimate, quality: number): number => {
  const share = (quality - ANIMATION_FLOOR) / (ANIMATION_CEILING - ANIMATION_FLOOR)
  return Math.log(bytesAtFloor) + share * (Math.log(bytesAtCeiling) - Math.log(bytesAtFloor))
}

/** Expected bytes of the whole under a plan. */
export const predictBytes = (estimate: AnimationEstimate, { quality, scale, stride }: AnimationPlan): number =>
  Math.exp(logBytesAt(estimate, quality) + SIDE_EXPONENT * Math.log(scale) - FRAME_EXPONENT * Math.log(stride))

/**
 * What is given up first is quality, then pixels, then every second frame (requirement V6).
 * @param maxMs what one encode may take
 * @returns null where nothing that is still an animation would fit
 */
export const planAnimation = (estimate: AnimationEstimate, maxBytes: number, maxMs: number): AnimationPlan | null => {
  for (const stride of STRIDES.filter(each => each === 1 || each < estimate.frames))
    for (const scale of SCALES) {
      if ((estimate.encodeMs * scale ** 2) / stride > maxMs) continue
      for (let quality = ANIMATION_CEILING; quality >= ANIMATION_FLOOR; quality -= 2) {
        const plan = { quality, scale, stride }
        if (predictBytes(estimate, plan) <= maxBytes) return plan
      }
    }
  return null
}
