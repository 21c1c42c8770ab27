/** Addresses in the desk. */
import type { Cite } from '../../../shared/model/impact.ts'
import { formatRoute } from '../../app/route.ts'
import type { TabId } from './incident-state.ts'

export const listWay = (params: Readonly<Record<string, string | undefined | null>> = {}): string =>
  formatRoute('incidents', params)
export const incidentWay = (number: string, tab: TabId = 'desk'): string =>
  formatRoute('incidents', tab === 'desk' ? {} : { tab }, number)
export const alertWay = (alert: string): string => formatRoute('alerts', { id: alert, states: 'open,snoozed,decided' })
export const eventWay = (event: string): string => formatRoute('events', { event })
/** Null for packets: their capture must be opened first. */
export const citeWay = (cite: Cite): string | null =>
  cite.kind === 'alert'
    ? alertWay(cite.alert)
    : cite.kind === 'event'
      ? eventWay(cite.event)
      : cite.kind === 'asset'
        ? formatRoute('assets', {}, cite.asset)
        : null
export const packetWay = (capture: string, packet: number): string => formatRoute('packets', { capture, packet: String(packet) })

/** Kind of data that an event is dragged as: ids, one a line. */
export const DRAGGED_EVENT = 'application/x-watchfloor-event'
