import { type Box, createCursor, damaged } from './boxes.ts'

/** What the properties of a picture do to it, in their order (ISO/IEC 23008-12, 6.5). */
export interface Displayed {
  width: number
  height: number
  /** 1–8 as in EXIF: what irot and imir together come to. */
  orientation: number
}

/** A turn or a mirror of the square as a matrix of integers: rows of where x and y go. */
type Matrix = readonly [a: number, b: number, c: number, d: number]

const multiply = ([a, b, c, d]: Matrix, [e, f, g, h]: Matrix): Matrix => [
  a * e + b * g,
  a * f + b * h,
  c * e + d * g,
  c * f + d * h,
]

const IDENTITY: Matrix = [1, 0, 0, 1]
/** By 90° against the clock, the y axis pointing down. */
const QUARTER_TURN: Matrix = [0, 1, -1, 0]
const MIRROR_TOP_BOTTOM: Matrix = [1, 0, 0, -1]
const MIRROR_LEFT_RIGHT: Matrix = [-1, 0, 0, 1]

/** The matrix that shows a picture stored with each EXIF orientation, 1 first (Exif 3.0, tag 274). */
const ORIENTATIONS: readonly Matrix[] = [
  IDENTITY,
  MIRROR_LEFT_RIGHT,
  [-1, 0, 0, -1],
  MIRROR_TOP_BOTTOM,
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, -1, -1, 0],
  [0, 1, -1, 0],
]

const orientationOf = (matrix: Matrix): number =>
  1 + ORIENTATIONS.findIndex(known => known.every((value, index) => value === matrix[index]))

/** `clap` (14496-12, 12.1.4): the sides of the part that is shown. */
const readAperture = (content: Buffer): { width: number; height: number } => {
  const cursor = createCursor(content)
  const [width, widthOver, height, heightOver] = [cursor.uint(4), cursor.uint(4), cursor.uint(4), cursor.uint(4)]
  if (widthOver === 0 || heightOver === 0) throw damaged('it divides by zero')
  return { width: Math.round(width / widthOver), height: Math.round(height / heightOver) }
}

/**
 * The sides and the orientation in which a picture of these properties is shown.
 * @param width and height in pixels as stored
 */
export const applyTransformations = (
  properties: readonly Box[],
  stored: { width: number; height: number },
): Displayed => {
  let { width, height } = stored
  let matrix = IDENTITY
  for (const { type, content } of properties) {
    if (type === 'clap') {
      const aperture = readAperture(content)
      width = Math.min(width, aperture.width)
      height = Math.min(height, aperture.height)
    }
    if (type === 'irot') {
      const turns = createCursor(content).uint(1) & 3
      for (let turn = 0; turn < turns; turn++) matrix = multiply(QUARTER_TURN, matrix)
      if (turns % 2 === 1) [width, height] = [height, width]
    }
    if (type === 'imir') {
      const isLeftRight = (createCursor(content).uint(1) & 1) === 1
      matrix = multiply(isLeftRight ? MIRROR_LEFT_RIGHT : MIRROR_TOP_BOTTOM, matrix)
    }
  }
  return { width, height, orientation: orientationOf(matrix) }
}
