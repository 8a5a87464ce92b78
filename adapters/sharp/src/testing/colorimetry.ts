/** Colour arithmetic that shares nothing with libvips and lcms: what tests judge them by. */

export type Triple = readonly [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

/** A set of RGB primaries: linear samples to CIE XYZ, and the XYZ of its white. */
export interface RgbSpace {
  toXyz: Matrix
  white: Triple
}

const D65: Triple = [0.9504559271, 1, 1.0890577508]

export const SRGB: RgbSpace = {
  white: D65,
  toXyz: [
    [0.4123907993, 0.3575843394, 0.1804807884],
    [0.2126390059, 0.7151686788, 0.0721923154],
    [0.0193308187, 0.1191947798, 0.9505321522],
  ],
}

/** sRGB as profiles see it: adapted to D50 (Bradford), the white of the profile connection space. */
export const SRGB_D50: RgbSpace = {
  white: [0.9642, 1, 0.8249],
  toXyz: [
    [0.4360747, 0.3850649, 0.1430804],
    [0.2225045, 0.7168786, 0.0606169],
    [0.0139322, 0.0971045, 0.7141733],
  ],
}

/** Display P3 (SMPTE EG 432-1 with the curve of sRGB). */
export const DISPLAY_P3: RgbSpace = {
  white: D65,
  toXyz: [
    [0.4865709486, 0.2656676932, 0.1982172852],
    [0.2289745641, 0.6917385218, 0.0792869141],
    [0, 0.0451133819, 1.0439443689],
  ],
}

/** IEC 61966-2-1. */
const linear = (sample: number): number => (sample <= 0.04045 ? sample / 12.92 : ((sample + 0.055) / 1.055) ** 2.4)

/** CIELAB of 8-bit samples, against the white of their space. */
export const labOf = (rgb: Triple, { toXyz, white }: RgbSpace): Triple => {
  const [red, green, blue] = [linear(rgb[0] / 255), linear(rgb[1] / 255), linear(rgb[2] / 255)]
  const [x = 0, y = 0, z = 0] = toXyz.map(([a, b, c], index) => {
    const ratio = (a * red + b * green + c * blue) / (white[index] ?? 1)
    return ratio > 216 / 24389 ? Math.cbrt(ratio) : ((24389 / 27) * ratio + 16) / 116
  })
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** CIE 1976: the distance in CIELAB. */
export const deltaE = (one: Triple, other: Triple): number =>
  Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])

const findTag = (profile: Buffer, tag: string): Buffer => {
  for (let entry = 132; entry < 132 + 12 * profile.readUInt32BE(128); entry += 12)
    if (profile.toString('latin1', entry, entry + 4) === tag) return profile.subarray(profile.readUInt32BE(entry + 4))
  throw new Error(`the profile has no ${tag}`)
}

/** Between the entries of a table of 16-bit numbers, 0–1 to 0–1. */
const lookUp = (table: Buffer, entries: number, value: number): number => {
  const at = value * (entries - 1)
  const low = Math.min(entries - 2, Math.floor(at))
  const [below, above] = [table.readUInt16BE(low * 2), table.readUInt16BE(low * 2 + 2)]
  return (below + (above - below) * (at - low)) / 65_535
}

/**
 * CIELAB (D50) of four inks by a press profile: its perceptual table, a lut16 (ICC.1:2001-04, 6.5.7), between whose
 * nodes is interpolated in all four directions.
 * @param inks 0–1, 1 being full ink
 */
export const labOfInks = (profile: Buffer, inks: readonly number[]): Triple => {
  const lut = findTag(profile, 'A2B0')
  if (lut.toString('latin1', 0, 4) !== 'mft2') throw new Error('the profile has another kind of table')
  const [inputs = 0, outputs = 0, nodes = 0] = lut.subarray(8, 11)
  const [inputEntries, outputEntries] = [lut.readUInt16BE(48), lut.readUInt16BE(50)]
  const grid = 52 + inputs * inputEntries * 2
  const curves = grid + nodes ** inputs * outputs * 2
  const places = inks.map(
    (ink, index) => lookUp(lut.subarray(52 + index * inputEntries * 2), inputEntries, ink) * (nodes - 1),
  )
  const sums = [0, 0, 0]
  for (let corner = 0; corner < 2 ** inputs; corner++) {
    let [weight, node] = [1, 0]
    for (const [index, place] of places.entries()) {
      const low = Math.min(nodes - 2, Math.floor(place))
      const isHigh = ((corner >> index) & 1) === 1
      weight *= isHigh ? place - low : 1 - place + low
      node = node * nodes + low + (isHigh ? 1 : 0)
    }
    for (const index of sums.keys())
      sums[index] = (sums[index] ?? 0) + (weight * lut.readUInt16BE(grid + (node * outputs + index) * 2)) / 65_535
  }
  const [l = 0, a = 0, b = 0] = sums.map(
    (sum, index) => lookUp(lut.subarray(curves + index * outputEntries * 2), outputEntries, sum) * 65_535,
  )
  return [(l * 100) / 65_280, a / 256 - 128, b / 256 - 128]
}
