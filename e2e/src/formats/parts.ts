/** What a file is made of besides pixels: the names of its segments, chunks or boxes, in order. */
export interface Parts {
  names: string[]
  /** Those that could tell something about the photographer: EXIF, XMP, IPTC, comments, colour profiles, unknown data. */
  revealing: string[]
}
