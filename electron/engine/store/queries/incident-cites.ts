/** Events as entries of a timeline show them, and what cites point at. All of it is data: words are the screen's. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { ok, type Result } from '../../../../shared/model/result.ts'
import type { Cite } from '../../../../shared/model/impact.ts'
import type { PinnedEvent } from '../incidents/desk-incidents.ts'
import type { InputOf, OutputOf } from '../types.ts'
import type { DeskScope } from './alerts.ts'
import { eventsById } from './events-by-id.ts'

/** What is asked of an event; the first of the last ones that it has says what happened. */
const ENDS = ['src.ip', 'src.host', 'dst.ip', 'dst.host', 'host.name'] as const
const SAYS = ['sig.name', 'http.url', 'dns.query', 'tls.sni', 'file.name', 'process.command', 'user.name', 'message'] as const
const MOST_TITLE = 300

type Shown = ReturnType<typeof eventsById>[number]

function titleOf({ type, fields }: Shown): string {
  const text = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const value = fields[name]
      if (value !== undefined && value !== '') return Array.isArray(value) ? value.join(' ') : String(value)
    }
    return null
  }
  const [from, to] = [text('src.host', 'src.ip', 'host.name'), text('dst.host', 'dst.ip')]
  return [type, from === null ? null : to === null ? from : `${from} → ${to}`, text(...SAYS)]
    .filter((part) => part !== null)
    .join(' ')
    .slice(0, MOST_TITLE)
    .toWellFormed()
}

/** Those that are there, in the order asked for. */
export function pinnedEvents({ events }: { readonly events: readonly string[] }, scope: DeskScope): Result<PinnedEvent[]> {
  return ok(
    eventsById([...new Set(events)].map(Number), [...ENDS, ...SAYS], scope).map((event) => ({
      event: event.id,
      time: event.time,
      title: titleOf(event),
    })),
  )
}

export function citedRows({ cites }: InputOf<'incidents.cited'>, scope: DeskScope): Result<OutputOf<'incidents.cited'>> {
  const ids = cites.flatMap((cite) => (cite.kind === 'event' ? [Number(cite.event)] : []))
  const events = new Map(eventsById([...new Set(ids)], [...ENDS, ...SAYS], scope).map((event) => [event.id, event]))
  return ok({ cited: cites.map((cite) => shown(cite, events, scope)) })
}

type Cited = OutputOf<'incidents.cited'>['cited'][number]

function shown(cite: Cite, events: ReadonlyMap<string, Shown>, { desk }: DeskScope): Cited {
  switch (cite.kind) {
    case 'event': {
      const event = events.get(cite.event)
      return { label: `E ${cite.event}`, detail: event ? `${event.time} ${titleOf(event)}` : '', known: event !== undefined }
    }
    case 'packet':
      return {
        label: `pkt ${cite.packet} +0x${cite.offset.toString(16)}`,
        detail: basename(cite.capture),
        known: existsSync(cite.capture),
      }
    case 'alert': {
      const alert = desk.get<{ title: string }>('SELECT title FROM alert WHERE id = ?', Number(cite.alert))
      return { label: `A-${cite.alert}`, detail: alert?.title ?? '', known: alert !== undefined }
    }
    case 'asset': {
      // The inventory first; then what a case brought from another desk.
      const asset = ['asset', 'case_asset']
        .map((table) =>
          desk.get<{ name: string }>(`SELECT json_extract(body, '$.name') AS name FROM ${table} WHERE id = ?`, cite.asset),
        )
        .find((row) => row !== undefined)
      return { label: asset?.name ?? cite.asset, detail: cite.row, known: asset !== undefined }
    }
  }
}
