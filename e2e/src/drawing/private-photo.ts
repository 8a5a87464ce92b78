import { draw, freshSeed } from './photo.ts'

/** What the photo knows of its maker and place; none of it may appear in a variant or a log. */
export const PRIVATE = {
  make: 'Kodalith Works',
  model: 'KW-77 Secretcam',
  artist: 'Erika Mustermann',
  latitude: 51.50897,
  longitude: -0.12823,
  /** Words of the XMP and IPTC that no variant may carry. */
  caption: 'Hinterhof der Mustermanns',
}

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 dc:description="${PRIVATE.caption}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

/** IPTC (IIM) as Photoshop writes it into APP13: one record, the caption. */
function iptcSegment(caption: string): Buffer {
  const text = Buffer.from(caption)
  const record = Buffer.concat([Buffer.from([0x1c, 2, 120, 0, text.length]), text])
  const resource = Buffer.concat([
    Buffer.from('8BIM\x04\x04\0\0\0\0\0', 'latin1'),
    Buffer.from([record.length]),
    record,
  ])
  const padding = Buffer.alloc(resource.length % 2)
  const payload = Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), resource, padding])
  const head = Buffer.from([0xff, 0xed, 0, 0])
  head.writeUInt16BE(payload.length + 2, 2)
  return Buffer.concat([head, payload])
}

/** A JPEG with EXIF (camera, artist, GPS), XMP, IPTC, a comment and a wide-gamut profile. */
export async function privateJpeg(size: { width?: number; height?: number } = {}): Promise<Buffer> {
  const jpeg = await draw({ ...size, seed: freshSeed() })
    .withExif({
      IFD0: { Make: PRIVATE.make, Model: PRIVATE.model, Artist: PRIVATE.artist },
      IFD2: { ISOSpeedRatings: '200', FNumber: '17/10', ExposureTime: '1/100', FocalLength: '42/10' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '51/1 30/1 32300/1000',
        GPSLongitudeRef: 'W',
        GPSLongitude: '0/1 7/1 41643/1000',
      },
    })
    .withXmp(XMP)
    .withIccProfile('p3')
    .jpeg({ quality: 90 })
    .toBuffer()
  const comment = Buffer.from([0xff, 0xfe, 0, 2 + PRIVATE.artist.length])
  return Buffer.concat([
    jpeg.subarray(0, 2),
    iptcSegment(PRIVATE.caption),
    comment,
    Buffer.from(PRIVATE.artist),
    jpeg.subarray(2),
  ])
}
