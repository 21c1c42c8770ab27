/** Figures as the screens show them. All functions are pure; `language` is `en` or `ko`. */

/** Narrow no-break space between thousands: figures never wrap and never look like a list. */
const THIN = '\u202f'

/** `1842` → `1 842`; at most `decimals` decimals, no trailing zeros. Infinite and missing figures are `–`. */
export function formatNumber(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return '–'
  const [whole = '0', rest] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN)
  const fraction = rest?.replace(/0+$/, '')
  const text = fraction ? `${grouped}.${fraction}` : grouped
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes, decimal, one decimal from kB: `640 B`, `1.4 kB`, `214.6 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  let value = Math.abs(bytes)
  let unit = 0
  while (unit < UNITS.length - 1 && (unit === 0 ? value >= 1000 : Math.round(value * 10) >= 10_000)) {
    value /= 1000
    unit += 1
  }
  const text = unit === 0 ? formatNumber(value) : value.toFixed(1)
  return `${bytes < 0 ? '−' : ''}${text} ${UNITS[unit]}`
}

/** A rate: one decimal below ten, none above. */
export const formatRate = (perSecond: number): string => formatNumber(perSecond, Math.abs(perSecond) < 10 ? 1 : 0)

/** A share of the whole, `0.034` → `3.4 %`. */
export const formatShare = (share: number): string =>
  `${formatNumber(share * 100, share !== 0 && Math.abs(share) < 0.1 ? 1 : 0)} %`

/** Short figure for the tightest places, never rounded up: `999`, `1.2k`, `48k`, `3.1M`. The exact one belongs in the title. */
export function formatShort(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size) {
      const scaled = value / size
      return `${scaled < 10 ? (Math.floor(scaled * 10) / 10).toFixed(1) : Math.floor(scaled)}${unit}`
    }
  }
  return formatNumber(value)
}
