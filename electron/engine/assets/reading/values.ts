/** Values of rows: addresses, networks, ports, CVE ids, severities, as the desk keeps them. Null where the text is none. */
import type { ServiceTransport } from '../../../../shared/model/asset.ts'
import type { Severity } from '../../../../shared/model/severity.ts'
import { address, isAddress } from '../../ingest/normalise/address.ts'
import { parseNetwork } from '../../sigma/network.ts'

export const readAddress = (text: string): string | null => {
  const trimmed = text.trim().toLowerCase().replace(/%.*$/s, '')
  return isAddress(trimmed) && !/^0\d|\.0\d/.test(trimmed.includes(':') ? '' : trimmed) ? address(trimmed) : null
}

export const readNetwork = (text: string): string | null => {
  const trimmed = text.trim().toLowerCase()
  return trimmed.includes('/') && parseNetwork(trimmed) !== null ? trimmed : null
}

export const readPort = (text: string): number | null => {
  const match = /^\d{1,5}$/.exec(text.trim())
  const port = match ? Number(match[0]) : -1
  return port >= 0 && port <= 65535 ? port : null
}

export const readTransport = (text: string): ServiceTransport => {
  const word = text.trim().toLowerCase()
  return word === 'udp' || word === 'sctp' ? word : word === 'tcp' || word === '' ? 'tcp' : 'other'
}

const CVE = /CVE-\d{4}-\d{4,19}/gi
/** Every CVE id in a text, once. */
export const cvesIn = (text: string): string[] => [
  ...new Set([...text.slice(0, 65_536).matchAll(CVE)].map(([id]) => id.toUpperCase())),
]

/** CVSS severity of a base score (CVSS 3.1 section 5). */
export const severityOfScore = (score: number): Severity =>
  score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'info'

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  urgent: 'critical',
  high: 'high',
  serious: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  minor: 'low',
  none: 'info',
  info: 'info',
  informational: 'info',
  log: 'info',
}
/** A scanner's word, or its level from 1 to 5. */
export const readSeverity = (text: string): Severity | null => {
  const word = text.trim().toLowerCase()
  if (/^[1-5]$/.test(word)) return (['info', 'low', 'medium', 'high', 'critical'] as const)[Number(word) - 1] ?? null
  return WORDS[word] ?? null
}

export const readScore = (text: string): number | null => {
  const match = /^(?:10(?:\.0+)?|\d(?:\.\d+)?)$/.exec(text.trim())
  return match ? Number(match[0]) : null
}

/** Control characters go, since a name is one line; bounded. */
export const readLine = (text: string, most: number): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, most)
