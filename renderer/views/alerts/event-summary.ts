import type { EventRow } from '../../../shared/model/event.ts'
import { visibleText } from '../../format/text.ts'

/** Where a field holds what the event is about, most telling first. */
const TELLING = [
  'process.command',
  'http.url',
  'dns.query',
  'tls.sni',
  'file.path',
  'registry.path',
  'sig.name',
  'user.name',
  'target.user',
  'message',
] as const

/** What an event is about, in a line: its ends, or the host that wrote it, and its most telling field. */
export function summaryOf({ fields }: EventRow): string {
  const text = (name: string): string => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    return value === undefined ? '' : visibleText(Array.isArray(value) ? value.join(', ') : String(value))
  }
  const ends = [text('src.ip'), text('dst.ip')].filter(Boolean).join(' → ')
  const telling = TELLING.map(text).find(Boolean) ?? ''
  return [ends || text('host.name'), telling].filter(Boolean).join('  ')
}
