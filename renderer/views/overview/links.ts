/** Every figure leads to the list behind it. */
import type { Verdict } from '../../../shared/model/alert.ts'
import type { Severity } from '../../../shared/model/severity.ts'
import { termFor } from '../../../shared/query/print.ts'
import { formatRoute } from '../../app/route.ts'
import type { SlotWindow } from './numbers.ts'

const ALL_STATES = 'open,snoozed,decided'
const last = (hours: number): string => String(hours * 3600)

export const openAlerts = (severity?: Severity): string =>
  formatRoute('alerts', severity ? { where: termFor('severity', severity) } : {})
export const oldestOpen = (): string => formatRoute('alerts', { order: 'oldest' })
export const decidedAlerts = (hours: number, verdict?: Verdict): string =>
  formatRoute('alerts', {
    states: 'decided',
    order: 'newest',
    last: last(hours),
    ...(verdict ? { where: termFor('verdict', verdict) } : {}),
  })
export const takenAlerts = (hours: number): string =>
  formatRoute('alerts', { states: ALL_STATES, where: 'owner:*', order: 'newest', last: last(hours) })
export const alertsOf = (hours: number, field: 'detection' | 'asset' | 'severity', value: string): string =>
  formatRoute('alerts', { states: ALL_STATES, where: termFor(field, value), last: last(hours) })
export const alertsIn = (window: SlotWindow, severity: Severity): string =>
  formatRoute('alerts', { states: ALL_STATES, where: termFor('severity', severity), from: window.from, to: window.to })
export const allAlerts = (hours: number): string => formatRoute('alerts', { states: ALL_STATES, last: last(hours) })
export const allEvents = (hours: number): string => formatRoute('events', { last: last(hours) })
export const eventsIn = (window: SlotWindow): string => formatRoute('events', { from: window.from, to: window.to })
export const eventsOf = (hours: number, field: 'type' | 'source', value: string): string =>
  formatRoute('events', { where: termFor(field, value), last: last(hours) })
export const rejectedRecords = (): string => formatRoute('sources', { rejected: 'all' })
export const sourceOf = (id: string): string => formatRoute('sources', {}, id)
