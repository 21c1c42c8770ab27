/** Values of events, and what stands in banners. */
import type { EventRow } from '../../../../shared/model/event.ts'
import type { ServiceTransport } from '../../../../shared/model/asset.ts'
import { readLine, readTransport } from '../reading/values.ts'

type Fields = EventRow['fields']

export const textOf = (fields: Fields, name: string, most = 256): string => {
  const value = fields[name]
  return typeof value === 'string' ? readLine(value, most) : typeof value === 'number' ? String(value) : ''
}
export const portOf = (fields: Fields, name: string): number | null => {
  const value = Number(fields[name] ?? NaN)
  return Number.isInteger(value) && value > 0 && value <= 65535 ? value : null
}
export const numberOf = (fields: Fields, name: string): number => {
  const value = Number(fields[name] ?? 0)
  return Number.isFinite(value) ? value : 0
}
export const transportOf = (fields: Fields): ServiceTransport => readTransport(textOf(fields, 'net.transport'))

/** `Apache/2.4.49 (Debian) OpenSSL/1.1.1` → Apache, 2.4.49, and what stands in brackets. Null where it is no product. */
export function bannerOf(text: string): { readonly product: string; readonly version: string; readonly hint: string } | null {
  const match = /^([\p{L}][\p{L}\p{N} ._+-]{0,80}?)(?:[/ _](v?\d[\w.+~-]{0,40}))?(?:\s*\(([^)]{0,80})\))?(?:\s|$)/u.exec(text)
  if (!match?.[1]) return null
  return { product: match[1].trim(), version: match[2] ?? '', hint: match[3] ?? '' }
}

/** Operating systems as agents and banners name them; '' where they name none. */
export function osOf(text: string): string {
  const windows = /Windows NT (\d+\.\d+)/.exec(text)?.[1]
  if (windows !== undefined) return WINDOWS[windows] ?? 'Windows'
  const found = /\b(Ubuntu|Debian|CentOS|Red Hat|Fedora|Rocky|FreeBSD|Raspbian|Win64|Win32)\b/i.exec(text)?.[1]?.toLowerCase()
  if (found !== undefined) return NAMES[found] ?? ''
  if (/Mac OS X|Macintosh/.test(text)) return 'macOS'
  if (/iPhone|iPad/.test(text)) return 'iOS'
  if (/Android/.test(text)) return 'Android'
  return /\bLinux\b/.test(text) ? 'Linux' : ''
}
const WINDOWS: Readonly<Record<string, string>> = {
  '10.0': 'Windows 10 or later',
  '6.3': 'Windows 8.1',
  '6.2': 'Windows 8',
  '6.1': 'Windows 7',
  '6.0': 'Windows Vista',
  '5.1': 'Windows XP',
}
const NAMES: Readonly<Record<string, string>> = {
  ubuntu: 'Ubuntu',
  debian: 'Debian',
  centos: 'CentOS',
  'red hat': 'Red Hat Enterprise Linux',
  fedora: 'Fedora',
  rocky: 'Rocky Linux',
  freebsd: 'FreeBSD',
  raspbian: 'Raspbian',
  win64: 'Windows',
  win32: 'Windows',
}
