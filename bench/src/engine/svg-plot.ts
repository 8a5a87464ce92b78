/** A set of points of one colour, drawn as a line or as dots. */
export interface Series {
  name: string
  color: string
  points: readonly (readonly [x: number, y: number])[]
  as: 'line' | 'dots'
}

/** One plot. Ticks are in units of the data; a logarithmic axis takes only positive values. */
export interface Plot {
  title: string
  x: Axis
  y: Axis
  series: readonly Series[]
}

export interface Axis {
  label: string
  ticks: readonly number[]
  scale: 'linear' | 'log'
}

const WIDTH = 420
const HEIGHT = 300
const MARGIN = { left: 58, right: 14, top: 34, bottom: 44 }

const placer = ({ ticks, scale }: Axis, from: number, to: number): ((value: number) => number) => {
  const on = scale === 'log' ? Math.log : (value: number) => value
  const [low, high] = [on(Math.min(...ticks)), on(Math.max(...ticks))]
  return value => Math.round((from + ((to - from) * (on(value) - low)) / (high - low)) * 10) / 10
}

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`

const draw = ({ name, color, points, as }: Series, x: (v: number) => number, y: (v: number) => number): string => {
  const places = points.map(point => [x(point[0]), y(point[1])] as const)
  const label = `<title>${name}</title>`
  return as === 'line'
    ? `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.join(' ')}">${label}</polyline>`
    : places
        .map(([left, top]) => `<circle cx="${left}" cy="${top}" r="2.2" fill="${color}" fill-opacity="0.6"/>`)
        .join('')
}

const panel = (plot: Plot, left: number): string => {
  const right = WIDTH - MARGIN.right
  const bottom = HEIGHT - MARGIN.bottom
  const x = placer(plot.x, MARGIN.left, right)
  const y = placer(plot.y, bottom, MARGIN.top)
  const grid = [
    ...plot.x.ticks.map(tick => `<path d="M${x(tick)} ${MARGIN.top}V${bottom}" stroke="#ddd"/>`),
    ...plot.y.ticks.map(tick => `<path d="M${MARGIN.left} ${y(tick)}H${right}" stroke="#ddd"/>`),
  ]
  const numbers = [
    ...plot.x.ticks.map(tick => text(x(tick), bottom + 14, String(tick), 'text-anchor="middle"')),
    ...plot.y.ticks.map(tick => text(MARGIN.left - 5, y(tick) + 3.5, String(tick), 'text-anchor="end"')),
  ]
  const legend = plot.series.map(({ name, color }, at) =>
    text(MARGIN.left + 8 + at * 62, MARGIN.top - 6, name, `fill="${color}" font-weight="bold"`),
  )
  const labels = [
    text(MARGIN.left, 14, plot.title, 'font-size="12" font-weight="bold"'),
    text((MARGIN.left + right) / 2, HEIGHT - 12, plot.x.label, 'text-anchor="middle"'),
    `<g transform="translate(13 ${(MARGIN.top + bottom) / 2}) rotate(-90)">${text(0, 0, plot.y.label, 'text-anchor="middle"')}</g>`,
  ]
  const lines = plot.series.map(series => draw(series, x, y))
  return `<g transform="translate(${left} 0)">${[...grid, ...numbers, ...legend, ...labels, ...lines].join('\n')}</g>`
}

/** Draws plots side by side. */
export const drawPlots = (plots: readonly Plot[]): string => {
  const size = `width="${plots.length * WIDTH}" height="${HEIGHT}" viewBox="0 0 ${plots.length * WIDTH} ${HEIGHT}"`
  const panels = plots.map((plot, at) => panel(plot, at * WIDTH))
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="10">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
</svg>
`
}
