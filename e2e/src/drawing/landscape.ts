import sharp from 'sharp'
import { createRandom } from './photo.ts'

/** Light of different hours: sky above, sky at the horizon, the disc, and the nearest hill. */
const HOURS = [
  ['#274b7a', '#f2b07a', '#ffe3b0', '#20313f'],
  ['#6fa8d8', '#e6f0f5', '#fffbe8', '#2f5d46'],
  ['#1b1f3b', '#74508f', '#f4e9ff', '#15152a'],
  ['#c9704f', '#f7dba7', '#fff4d6', '#5a3328'],
  ['#8fb7b3', '#e9efe1', '#ffffff', '#3c5a55'],
  ['#3b6ea5', '#c7dff0', '#fff7d9', '#6b5b3e'],
] as const

/** Mixes two colours of the form `#rrggbb`. */
function mix(from: string, to: string, share: number): string {
  const channel = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16)
  const mixed = [1, 3, 5].map(at => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share))
  return `rgb(${mixed.join(' ')})`
}

function hill(random: () => number, width: number, height: number, base: number, roughness: number): string {
  const phases = [random() * 6, random() * 6, random() * 6]
  const points: string[] = []
  for (let x = 0; x <= width; x += 6) {
    const wave = phases.reduce(
      (sum, phase, order) => sum + Math.sin(phase + (x / width) * 5 * (order * 1.7 + 1)) / (order + 1),
      0,
    )
    points.push(`${x},${(base - wave * roughness).toFixed(1)}`)
  }
  return `0,${height} ${points.join(' ')} ${width},${height}`
}

/** A landscape that nobody took: sky, a disc, hills in haze, and the grain of film. Returns a JPEG. */
export async function drawLandscape(seed: number, width: number, height: number): Promise<Buffer> {
  const random = createRandom(seed * 7919)
  const [above, horizon, disc, near] = HOURS[seed % HOURS.length] ?? HOURS[0]
  const hills = Array.from({ length: 6 }, (_, order) => {
    const share = order / 5
    const base = height * (0.5 + share * 0.42)
    const points = hill(random, width, height, base, height * (0.05 + 0.03 * random()))
    return `<polygon points="${points}" fill="${mix(horizon, near, 0.15 + share * 0.85)}"/>`
  })
  const [x, y, r] = [
    width * (0.2 + random() * 0.6),
    height * (0.2 + random() * 0.25),
    height * (0.04 + random() * 0.05),
  ]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${above}"/><stop offset=".75" stop-color="${horizon}"/></linearGradient>
    <radialGradient id="glow"><stop stop-color="${disc}" stop-opacity=".8"/><stop offset="1" stop-color="${disc}" stop-opacity="0"/></radialGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${x}" cy="${y}" r="${r * 5}" fill="url(#glow)"/>
    <circle cx="${x}" cy="${y}" r="${r}" fill="${disc}"/>${hills.join('')}</svg>`
  const grain = await sharp({
    create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 9 } },
  })
    .png()
    .toBuffer()
  return sharp(Buffer.from(svg))
    .composite([{ input: grain, blend: 'soft-light' }])
    .removeAlpha()
    .jpeg({ quality: 93 })
    .toBuffer()
}
