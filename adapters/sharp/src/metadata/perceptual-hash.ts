const COLUMNS = 9
const ROWS = 8

/** By how much a neighbour must be darker to count: less is what encoders leave of plain areas. Of 255. */
const LEAST_STEP = 1

/** How much each sample of a side counts in the mean of one cell: a row of weights per cell. */
const cellsOver = (length: number, cells: number): Float64Array[] =>
  Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [(cell * length) / cells, ((cell + 1) * length) / cells]
    return Float64Array.from(
      { length },
      (_, at) => Math.max(0, Math.min(to, at + 1) - Math.max(from, at)) / (to - from),
    )
  })

/** Mean luma (BT.601) on white of 9 × 8 cells, rows from the top. */
const meansOf = (rgba: Uint8Array, width: number, height: number): Float64Array => {
  const across = cellsOver(width, COLUMNS)
  const down = cellsOver(height, ROWS)
  const means = new Float64Array(COLUMNS * ROWS)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      const luma = 0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0)
      const shown = 255 + ((luma - 255) * (rgba[at + 3] ?? 0)) / 255
      for (let row = 0; row < ROWS; row++) {
        const share = down[row]?.[y] ?? 0
        if (share === 0) continue
        for (let column = 0; column < COLUMNS; column++) {
          const cell = row * COLUMNS + column
          means[cell] = (means[cell] ?? 0) + shown * share * (across[column]?.[x] ?? 0)
        }
      }
    }
  return means
}

/**
 * Difference hash (dHash; Krawetz, "Kind of like that", 2013): of 9 × 8 grey cells, whether each is brighter than its
 * right neighbour. Near duplicates differ in few of the 64 bits, whatever their size and format; and a picture that
 * holds little, where the frequencies of a pHash are noise, has a steady one.
 * @param rgba samples of 8 bits, straight alpha
 * @returns 16 hexadecimal digits
 */
export const perceptualHash = (rgba: Uint8Array, width: number, height: number): string => {
  const means = meansOf(rgba, width, height)
  const bits = Array.from({ length: 64 }, (_, bit) => {
    const cell = (bit >> 3) * COLUMNS + (bit & 7)
    return (means[cell] ?? 0) - (means[cell + 1] ?? 0) > LEAST_STEP ? '1' : '0'
  })
  return BigInt(`0b${bits.join('')}`)
    .toString(16)
    .padStart(16, '0')
}
