/** A number and its unit never part at a line end. */
export const NBSP = '\u00a0'

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export const formatCount = (count: number): string => grouped.format(count)

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)}${NBSP}${count === 1 ? one : many}`
}

const byteUnits = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** Decimal units, as the byte targets are; two significant digits are enough to compare by eye. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (unit < byteUnits.length - 1 && Math.round(value) >= 1000) {
    value /= 1000
    unit++
  }
  if (unit === 0) return counted(Math.round(value), 'byte')
  const digits = value < 9.95 ? 1 : 0
  return `${value.toFixed(digits).replace(/\.0$/, '')}${NBSP}${byteUnits[unit]}`
}

export const formatSpeed = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`

export const formatSize = (width: number, height: number): string => `${width}${NBSP}×${NBSP}${height}`

/** Never claims 100 % for what is not everything. */
export function formatPercent(percent: number): string {
  const shown = percent >= 99.5 && percent < 100 ? Math.min(99.9, Math.floor(percent * 10) / 10) : Math.round(percent)
  return `${shown}${NBSP}%`
}

export function formatSaving(percent: number): string {
  if (percent < -0.5) return `${formatPercent(-percent)} larger`
  return percent < 0.5 ? 'nothing saved' : `${formatPercent(percent)} saved`
}

export const savingOf = (bytes: number, original: number): number => ((original - bytes) / original) * 100

export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}${NBSP}ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1).replace(/\.0$/, '') : Math.round(seconds)}${NBSP}s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes}${NBSP}min` : `${Math.round(minutes / 60)}${NBSP}h`
}
