/** Cites as chips say them, and as they are typed: `A-48213`, `E 9 121 030`, `pkt 14 310 206 +0xd6`, `EV-03`. */
import type { Cite } from '../../../../shared/model/impact.ts'
import { formatNumber } from '../../../format/number.ts'

/** What the chip says. */
export function citeLabel(cite: Cite): string {
  switch (cite.kind) {
    case 'alert':
      return `A-${cite.alert}`
    case 'event':
      return `E ${formatNumber(Number(cite.event))}`
    case 'packet':
      return `pkt ${formatNumber(cite.packet)}${cite.length > 0 ? ` +0x${cite.offset.toString(16)}` : ''}`
    case 'asset':
      return `${cite.asset} ${cite.row}`.trim()
  }
}

/** The same cite has the same key. */
export const citeKey = (cite: Cite): string => JSON.stringify(cite)

export type TypedCite = { readonly kind: 'cite'; readonly cite: Cite } | { readonly kind: 'evidence'; readonly id: string }

/** What a person typed or pasted as a cite; null where it is none. `/path/x.pcapng#1402`: a packet. */
export function citeOf(text: string): TypedCite | null {
  const typed = text.trim().replaceAll(/[\u202f\u2009\u00a0]/g, ' ')
  const evidence = /^EV-(\d{2,4})$/i.exec(typed)
  if (evidence) return { kind: 'evidence', id: `EV-${evidence[1]}` }
  const alert = /^A-?\s?(\d{1,16})$/i.exec(typed)
  if (alert?.[1]) return { kind: 'cite', cite: { kind: 'alert', alert: alert[1] } }
  const event = /^(?:E\s?)?(\d{1,3}(?: \d{3})+|\d{1,20})$/i.exec(typed)
  if (event?.[1]) return { kind: 'cite', cite: { kind: 'event', event: event[1].replaceAll(' ', '') } }
  const packet = /^(.{1,4096})#(\d{1,10})(?:\s*\+0x([0-9a-f]{1,8})(?::(\d{1,6}))?)?$/i.exec(typed)
  if (packet?.[1] && packet[2] && Number(packet[2]) > 0)
    return {
      kind: 'cite',
      cite: {
        kind: 'packet',
        capture: packet[1].trim(),
        packet: Number(packet[2]),
        offset: packet[3] ? Number.parseInt(packet[3], 16) : 0,
        length: packet[3] ? Number(packet[4] ?? 1) : 0,
      },
    }
  return null
}

/** Ids of events in what was typed, pasted or dropped: one a line, or apart by commas. */
export function eventIdsOf(text: string): readonly string[] {
  const ids = text.split(/[\n,;]+/).flatMap((part) => {
    const found = citeOf(part)
    return found?.kind === 'cite' && found.cite.kind === 'event' ? [found.cite.event] : []
  })
  return [...new Set(ids)].slice(0, 1000)
}
