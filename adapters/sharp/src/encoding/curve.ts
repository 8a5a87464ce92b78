/** A point of a curve over quality; what the value is, the curve says. */
export type CurvePoint = readonly [quality: number, value: number]

/** The value of a curve, linear between its points, the end slopes going on; 0 where it has fewer than two points. */
export const curveAt = (curve: readonly CurvePoint[], quality: number): number => {
  const [first, second, ...rest] = curve
  if (first === undefined || second === undefined) return 0
  let [left, right] = [first, second]
  for (const point of rest) {
    if (quality <= right[0]) break
    left = right
    right = point
  }
  return left[1] + ((right[1] - left[1]) * (quality - left[0])) / (right[0] - left[0])
}
