/** Values of an event by the name of their field, also the system fields, as text and one by one. */
import type { EventRow } from '../../../shared/model/event.ts'

const SYSTEM = new Set(['id', 'time', 'received', 'type', 'format', 'source'])

/** All values of a field, in order; none where the event has no such field. */
export function valuesOf(event: EventRow, field: string): readonly string[] {
  if (SYSTEM.has(field)) return [String(event[field as 'id'])]
  if (!Object.hasOwn(event.fields, field)) return []
  const value = event.fields[field]
  return Array.isArray(value) ? value : value === undefined ? [] : [String(value)]
}

export const textOf = (event: EventRow, field: string): string => valuesOf(event, field).join(', ')

/** An IPv6 address before and from its last two groups; every other text has no first part. */
export function addressParts(text: string): readonly [string, string] {
  const found = /^([0-9a-f:]+:)([0-9a-f]{0,4}:[0-9a-f.]+)$/i.exec(text)
  return found ? [found[1]!, found[2]!] : ['', text]
}

/** Fields that say most of what an event is, the most telling first. */
const TELLING = [
  'sig.name',
  'message',
  'process.command',
  'http.url',
  'dns.query',
  'tls.sni',
  'file.path',
  'file.name',
  'registry.path',
  'service.name',
  'process.path',
  'email.subject',
  'user.name',
  'action',
  'outcome',
  'flow.state',
  'net.app',
  'net.transport',
] as const
/** Said before another: `GET` before the URL, `A` after the name. */
const BEFORE: Readonly<Record<string, string>> = {
  'http.url': 'http.method',
  'dns.query': 'dns.type',
  'tls.sni': 'tls.version',
  'flow.state': 'net.transport',
}
const HOST: Readonly<Record<string, string>> = { 'http.url': 'http.host' }

/** Fields that `summaryOf` reads. */
export const SUMMARY_FIELDS: readonly string[] = [...TELLING, ...Object.values(BEFORE), ...Object.values(HOST)]

/** The most telling field that the event has. */
export const summaryFieldOf = (event: EventRow): string | null => TELLING.find((field) => textOf(event, field) !== '') ?? null

/** One line that says what the event is, from the fields that it has. */
export function summaryOf(event: EventRow): string {
  const field = summaryFieldOf(event)
  if (field === null) return ''
  const of = (names: Readonly<Record<string, string>>): string => (names[field] === undefined ? '' : textOf(event, names[field]))
  return [of(BEFORE), of(HOST) + textOf(event, field)].filter(Boolean).join(' ')
}
