/** Where the reader is: capture, filter, span, packet, tool. It is the address, so every place can be linked to and gone back to. */
import { create } from 'zustand'
import { formatRoute, type Route } from '../../app/route.ts'
import { isToolId, type ToolId } from './tools/tool-ids.ts'

/** Seconds since 1970 with fractions, half-open; null is open. */
export interface Span {
  readonly from: number | null
  readonly to: number | null
}
export const ALL_SPAN: Span = { from: null, to: null }

export interface Place {
  readonly capture: string | null
  readonly filter: string
  readonly span: Span
  readonly packet: number | null
  readonly tool: ToolId | null
  /** The flow that the tool begins with. */
  readonly flow: number | null
  /** Whose packets are looked for, where there is no capture yet. */
  readonly alert: string | null
  readonly event: string | null
}

const whole = (text: string | undefined, least: number): number | null => {
  const value = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : NaN
  return value >= least && value <= 4_294_967_295 ? value : null
}
const seconds = (text: string | undefined): number | null => {
  const value = text === undefined || text === '' ? NaN : Number(text)
  return Number.isFinite(value) ? value : null
}
const digits = (text: string | undefined): string | null => (text !== undefined && /^\d{1,20}$/.test(text) ? text : null)

/** What cannot be read is left out. */
export function placeOf(params: Route['params']): Place {
  const { capture, filter, packet, tool, flow, from, to, alert, event } = params
  return {
    capture: capture !== undefined && /^[0-9a-f]{32}$/.test(capture) ? capture : null,
    filter: (filter ?? '').slice(0, 8192),
    span: { from: seconds(from), to: seconds(to) },
    packet: whole(packet, 1),
    tool: tool !== undefined && isToolId(tool) ? tool : null,
    flow: whole(flow, 0),
    alert: digits(alert),
    event: digits(event),
  }
}

const text = (value: number | null): string | null => (value === null ? null : String(value))
export const placeHash = ({ capture, filter, span, packet, tool, flow, alert, event }: Partial<Place>): string =>
  formatRoute('packets', {
    capture,
    filter,
    from: text(span?.from ?? null),
    to: text(span?.to ?? null),
    packet: text(packet ?? null),
    tool,
    flow: text(flow ?? null),
    alert,
    event,
  })

/** What the page keeps while another view is on screen. */
export const useKept = create<{ readonly hash: string | null }>(() => ({ hash: null }))
